import { SelectField } from "~/components/Field";

import { roleMeans, roles, type On } from "./roles";

/** Chooses a role, and says what it is for. */
export function RoleField({ on, value, onChange }: { on: On; value: string; onChange: (role: string) => void }) {
  return (
    <SelectField label="Role" value={value} onChange={(e) => onChange(e.target.value)} help={roleMeans(on, value)}>
      {roles[on].map(([role]) => (
        <option key={role}>{role}</option>
      ))}
    </SelectField>
  );
}
