import type { Room } from "../frame.tsx";
export const people: Room = { name: ["people", "people"], icon: "exam", pages: [] };
