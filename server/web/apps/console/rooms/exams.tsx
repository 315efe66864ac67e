import type { Room } from "../frame.tsx";
export const exams: Room = { name: ["exams", "exams"], icon: "exam", pages: [] };
