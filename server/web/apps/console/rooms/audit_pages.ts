/** Where in the console a thing that the audit speaks of has its page (审计对象的页面). */
import { may } from "../kit/asking.ts";

/** The page of each kind of thing, and what opening it needs. */
const PAGES: Record<string, readonly [path: string, ...needs: string[]]> = {
  account: ["/people/accounts", "manage_accounts"],
  appeal: ["/exams/appeals", "examine"],
  certificate: ["/certificates/register", "see_certificates"],
  certificate_batch: ["/certificates/batches", "issue_certificates"],
  competence_appraisal: ["/competence/appraisals", "see_competence"],
  competence_cycle: ["/competence/cycles", "see_competence"],
  competence_framework: ["/competence/frameworks"],
  contest: ["/exams/contests", "hold_contests"],
  exam: ["/exams/exams", "see_exams"],
  law: ["/rules/laws"],
  organisation: ["/people/organisations", "see_organisations"],
  paper_specification: ["/exams/specifications", "plan_exams"],
  person: ["/people/people", "see_people"],
  question: ["/bank/questions", "see_questions"],
  question_bank: ["/bank/banks", "see_questions"],
  question_import: ["/bank/import", "see_questions"],
  question_pair: ["/bank/pairs", "see_questions"],
  regrade: ["/exams/regrades", "examine"],
  sitting: ["/exams/sittings", "see_exams"],
  syllabus: ["/rules/syllabuses"],
  test_centre: ["/exams/centres", "see_exams"],
  training_class: ["/training/classes", "see_training", "teach"],
  training_programme: ["/training/programmes", "see_training", "teach"],
};

/** The address of a thing's page; null where it has none, or none that one may open. */
export function pageOf(kind: string, id: string): string | null {
  const found = PAGES[kind];
  if (found === undefined) return null;
  const [path, ...needs] = found;
  return needs.length > 0 && !needs.some(may) ? null : `${path}/${id}`;
}
