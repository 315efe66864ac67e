import type { Room } from "../frame.tsx";
export const training: Room = { name: ["training", "training"], icon: "exam", pages: [] };
