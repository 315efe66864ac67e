// Reads codes with the camera, on this device alone: a code is read once as long as it is in view.

const LARGEST = 900;
const PAUSE = 150;
const FORGET = 2_000;

// The decoder is a kept library's, built with the apps; where it is missing, nothing is offered.
const decoding = import("/verify/files/scanner.js").then((loaded) => loaded.default);

// Offer the camera in a section that holds a button and a video; `take` is told each new code.
export async function offer(section, take) {
  if (navigator.mediaDevices === undefined) return;
  const decode = await decoding.catch(() => null);
  if (decode === null) return;
  const button = section.querySelector("button");
  const video = section.querySelector("video");
  const said = section.querySelector("[data-camera-said]");
  let stream = null;
  section.hidden = false;
  button.addEventListener("click", async () => {
    if (stream !== null) return stop();
    try {
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
    } catch {
      said.textContent = "没有摄像头或未获许可 · no camera, or not allowed";
      return;
    }
    said.textContent = "";
    video.srcObject = stream;
    video.hidden = false;
    button.setAttribute("aria-pressed", "true");
    await video.play();
    look({ text: "", at: 0 });
  });

  function stop() {
    for (const track of stream.getTracks()) track.stop();
    stream = null;
    video.hidden = true;
    button.setAttribute("aria-pressed", "false");
  }

  async function look(before) {
    if (stream === null) return;
    const text = textIn(video, decode);
    const now = performance.now();
    if (text !== null && (text !== before.text || now - before.at > FORGET)) {
      navigator.vibrate?.(80);
      await take(text);
    }
    setTimeout(() => look(text === null ? before : { text, at: now }), PAUSE);
  }
}

function textIn(video, decode) {
  const scale = Math.min(1, LARGEST / Math.max(video.videoWidth, video.videoHeight));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(video.videoWidth * scale);
  canvas.height = Math.round(video.videoHeight * scale);
  const drawn = canvas.getContext("2d", { willReadFrequently: true });
  if (canvas.width === 0 || drawn === null) return null;
  drawn.drawImage(video, 0, 0, canvas.width, canvas.height);
  try {
    return decode(drawn.getImageData(0, 0, canvas.width, canvas.height));
  } catch {
    return null;
  }
}
