import type { Room } from "../frame.tsx";
export const certificates: Room = { name: ["certificates", "certificates"], icon: "exam", pages: [] };
