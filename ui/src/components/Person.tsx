import { usePerson } from "~/lib/people";

/** The name of a user, also of a service user or of one who left; what else is known when pointed at. */
export function Person({ orgId, id }: { orgId: string; id: string | undefined }) {
  const { text, title } = usePerson(orgId, id);
  return <span title={title}>{text}</span>;
}
