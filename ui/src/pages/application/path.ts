import type { Schemas } from "~/api/client";

type Step = Schemas["PromotionStep"];

/** A station as one text, for a choice: "env:staging" or "type:review". */
export const textOf = (step: Step): string => (step.type ? `type:${step.type}` : `env:${step.env ?? ""}`);

/** The station that a text names. */
export function stepOf(text: string): Step {
  const at = text.indexOf(":");
  const [kind, id] = [text.slice(0, at), text.slice(at + 1)];
  return kind === "type" ? { type: id } : { env: id };
}

/** The list with one of it a place earlier or later; as it was at its ends. */
export function moved<T>(list: T[], index: number, by: 1 | -1): T[] {
  const [one, other] = [list[index], list[index + by]];
  if (one === undefined || other === undefined) return list;
  return list.map((x, i) => (i === index ? other : i === index + by ? one : x));
}
