// Reads GIFT by gift-pegjs, and prints as JSON what it understands of each question.

import { readFileSync } from "node:fs";
import { parse } from "gift-pegjs";

const said = (part) => part?.text?.text ?? part?.formattedText?.text ?? part?.text ?? null;
const read = parse(readFileSync(process.argv[2], "utf8"));

console.log(
  JSON.stringify(
    read
      .filter((one) => one.type !== "Category" && one.type !== "Description")
      .map((one) => ({
        type: one.type,
        stem: said(one.formattedStem ?? one.stem),
        format: (one.formattedStem ?? one.stem)?.format ?? null,
        isTrue: one.isTrue ?? null,
        choices: (one.choices ?? []).map((choice) => ({
          text: said(choice.formattedText ?? choice),
          right: choice.isCorrect || (choice.weight ?? 0) > 0,
        })),
        explanation: said(one.formattedGlobalFeedback ?? one.globalFeedback),
      })),
  ),
);
