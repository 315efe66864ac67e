/** Reads QR codes in pictures; a file of its own, for only who checks tickets needs it (二维码识别). */
export { default } from "qr/decode.js";
