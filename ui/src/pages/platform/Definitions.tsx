import { Boxes, Plus } from "lucide-react";
import { useState } from "react";

import { api } from "~/api/client";
import { ButtonLink } from "~/components/Button";
import { DataTable } from "~/components/DataTable";
import { EmptyState } from "~/components/EmptyState";
import { Loaded } from "~/components/Loading";
import { Panel } from "~/components/Page";
import { Tag } from "~/components/StatusBadge";
import { Time } from "~/components/Time";
import { to } from "~/lib/paths";

import { criterionText } from "./context";
import type { Definition } from "./manifest";

const whenText = (d: Definition) => (d.criteria?.length ? d.criteria.map(criterionText).join(" · ") : "never");

/** All definitions, searched and filtered. */
export function Definitions({ orgId }: { orgId: string }) {
  const definitions = api.useQuery("get", "/orgs/{orgId}/resources/defs", { params: { path: { orgId } } });
  const [type, setType] = useState("");
  const [driver, setDriver] = useState("");
  const [source, setSource] = useState("");
  const all = definitions.data ?? [];
  const values = (of: (d: Definition) => string) => [...new Set(all.map(of))].sort();
  const create = (
    <ButtonLink kind="primary" small may="platform:write" icon={<Plus size={14} aria-hidden />} to={to.platform(orgId, "new-definition")}>
      New definition
    </ButtonLink>
  );
  return (
    <Panel title="Resource definitions" note="how needs of a type are met" flush actions={create}>
      <Loaded query={definitions} lines={8}>
        {(rows) => (
          <DataTable
            label="resource definitions"
            rows={rows.filter((d) => (!type || d.type === type) && (!driver || d.driver_type === driver) && (!source || d.is_default === (source === "supplied")))}
            rowKey={(d) => d.id}
            rowLink={(d) => to.platform(orgId, `definitions/${d.id}`)}
            text={(d) => `${d.id} ${d.name} ${d.type} ${d.driver_type} ${whenText(d)}`}
            maxHeight="calc(100vh - 17rem)"
            initialSort={{ key: "id" }}
            filters={
              <>
                <Filter label="Type" all="All types" value={type} options={values((d) => d.type)} onChange={setType} />
                <Filter label="Driver" all="All drivers" value={driver} options={values((d) => d.driver_type)} onChange={setDriver} />
                <Filter label="Made by" all="Yours and supplied" value={source} options={["yours", "supplied"]} onChange={setSource} />
              </>
            }
            empty={
              all.length === 0 ? (
                <EmptyState title="No definition yet" icon={<Boxes size={24} />} actions={create}>
                  A definition says how needs of a type are met: by which driver, with which inputs, and when.
                </EmptyState>
              ) : undefined
            }
            columns={[
              { key: "id", title: "Definition", width: "minmax(13rem, 1.5fr)", cell: (d) => d.id, sort: (d) => d.id },
              { key: "type", title: "Type", width: "minmax(8rem, 1fr)", cell: (d) => d.type, sort: (d) => d.type },
              { key: "driver", title: "Driver", width: "minmax(8rem, 1fr)", cell: (d) => d.driver_type, sort: (d) => d.driver_type },
              { key: "when", title: "Used for", width: "minmax(12rem, 2fr)", cell: (d) => <span title={whenText(d)}>{whenText(d)}</span> },
              { key: "source", title: "", width: "5.5rem", cell: (d) => (d.is_default ? <Tag title="Used when nothing else matches">supplied</Tag> : d.is_deleted ? <Tag>deleted</Tag> : null) },
              { key: "changed", title: "Changed", width: "7rem", cell: (d) => <Time at={d.updated_at ?? d.created_at} />, sort: (d) => d.updated_at ?? d.created_at },
            ]}
          />
        )}
      </Loaded>
    </Panel>
  );
}

/** One of the values of a column, or all. */
export function Filter({ label, all, value, options, onChange }: { label: string; all: string; value: string; options: string[]; onChange: (v: string) => void }) {
  return (
    <select className="input" aria-label={label} value={value} onChange={(e) => onChange(e.target.value)}>
      <option value="">{all}</option>
      {options.map((o) => (
        <option key={o}>{o}</option>
      ))}
    </select>
  );
}
