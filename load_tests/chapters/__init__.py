"""The chapters of the walkthrough, each one part of the main job, checked at every step (章节)."""
