/** Line drawings beside words (图标). */

/** Line drawings of 24 × 24; each is decoration beside a word. */
const DRAWINGS = {
  today: "M4 11 12 4l8 7v9h-5v-6H9v6H4z",
  learn: "M4 5h6a2 2 0 0 1 2 2v13a2 2 0 0 0-2-2H4zM20 5h-6a2 2 0 0 0-2 2v13a2 2 0 0 1 2-2h6z",
  exam: "M7 3h8l4 4v14H7zM15 3v4h4M10 12h6M10 16h6",
  certificate: "M4 4h16v11H4zM8 8h8M8 11h5M15 15v6l-2-1.5L11 21v-6",
  me: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4 21a8 8 0 0 1 16 0",
  back: "M15 5l-7 7 7 7",
  next: "M9 5l7 7-7 7",
  check: "M5 13l4 4L19 7",
  cross: "M6 6l12 12M18 6 6 18",
  warn: "M12 4 2.5 20h19zM12 10v4M12 17.4v.2",
  cloud: "M7 18a4 4 0 0 1 0-8 5 5 0 0 1 9.6-1A4.5 4.5 0 0 1 17 18zM9.5 13.5l2 2 3.5-3.5",
  up: "M7 18a4 4 0 0 1 0-8 5 5 0 0 1 9.6-1A4.5 4.5 0 0 1 17 18M12 20v-7M9 15.5l3-3 3 3",
  off: "M7 18a4 4 0 0 1 0-8 5 5 0 0 1 9.6-1A4.5 4.5 0 0 1 17 18zM4 4l16 16",
  flag: "M6 21V4h11l-2 4 2 4H6",
  speak: "M4 10v4h4l5 4V6L8 10zM16 9a4 4 0 0 1 0 6M18.5 6.5a8 8 0 0 1 0 11",
  grid: "M4 4h6v6H4zM14 4h6v6h-6zM4 14h6v6H4zM14 14h6v6h-6z",
  clock: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 7v5l3.5 2",
  bell: "M6 17V11a6 6 0 0 1 12 0v6l2 2H4zM10 21h4",
  eye: "M2 12s4-7 10-7 10 7 10 7-4 7-10 7S2 12 2 12zM12 15a3 3 0 1 0 0-6 3 3 0 0 0 0 6z",
  gear: "M12 15.5a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM12 2v3M12 19v3M2 12h3M19 12h3M5 5l2 2M17 17l2 2M19 5l-2 2M7 17l-2 2",
  file: "M4 6h6l2 2h8v11H4zM8 13h8",
  star: "M12 4l2.4 5 5.6.8-4 4 1 5.6-5-2.7-5 2.7 1-5.6-4-4 5.6-.8z",
  book: "M5 4h13v16H6.5A1.5 1.5 0 0 1 5 18.5zM9 8h5M9 12h5",
  door: "M6 21V4h12v17M4 21h16M14.5 12.5v.5",
  pen: "M4 20l1-4L16 5l3 3L8 19zM14 7l3 3",
  camera: "M4 8h4l2-3h4l2 3h4v11H4zM12 16.5a3 3 0 1 0 0-6 3 3 0 0 0 0 6z",
  phone: "M7 2h10v20H7zM11 18.5h2",
  filter: "M3 5h18l-7 8v6l-4 2v-8z",
} as const;

export type Drawing = keyof typeof DRAWINGS;

export function Icon({ name }: { name: Drawing }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={DRAWINGS[name]} />
    </svg>
  );
}
