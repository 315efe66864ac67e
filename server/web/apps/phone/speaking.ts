/** Reads questions aloud, where the phone can (朗读). */
import { signal } from "@preact/signals";

/** What is being read, or null. */
export const speaking = signal<string | null>(null);

export const canSpeak = (): boolean => "speechSynthesis" in globalThis;

/** Read aloud, or stop if the same is being read. Questions are in Chinese. */
export function speak(text: string): void {
  const same = speaking.value === text;
  hush();
  if (same) return;
  const said = new SpeechSynthesisUtterance(text);
  said.lang = "zh-CN";
  said.rate = 0.9;
  said.onend = said.onerror = () => {
    if (speaking.value === text) speaking.value = null;
  };
  speaking.value = text;
  speechSynthesis.speak(said);
}

export function hush(): void {
  speaking.value = null;
  if (canSpeak()) speechSynthesis.cancel();
}
