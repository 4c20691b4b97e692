import { Plus, Trash2 } from "lucide-react";
import { useState } from "react";

import { Button, IconButton } from "~/components/Button";
import { TextField } from "~/components/Field";

import { get, rename, set, type Module } from "./module";
import styles from "./page.module.css";

interface Props {
  module: Module;
  onChange: (module: Module) => void;
}

const entries = (value: unknown): [string, unknown][] => (typeof value === "object" && value !== null ? Object.entries(value) : []);
const text = (value: unknown) => (value === undefined || value === null ? "" : typeof value === "string" ? value : JSON.stringify(value));

/** The fields of a workload that change most: images, variables, sizes, what it needs. Everything else is in its YAML. */
export function ModuleForm({ module, onChange }: Props) {
  const put = (path: string[], value: unknown) => onChange(set(module, path, value));
  return (
    <div className="stack">
      <TextField label="Profile" value={text(module.profile)} onChange={(e) => put(["profile"], e.target.value)} />
      {entries(get(module, ["spec", "containers"])).map(([name, c]) => {
        const at = ["spec", "containers", name];
        const size = (kind: string, of: string) => (
          <TextField label={`${of === "cpu" ? "Processor" : "Memory"}, ${kind === "requests" ? "asks for" : "at most"}`} value={text(get(c, ["resources", kind, of]))} onChange={(e) => put([...at, "resources", kind, of], e.target.value || undefined)} />
        );
        return (
          <fieldset key={name} className={styles.group}>
            <legend>
              Container <code>{name}</code>
            </legend>
            <TextField label="Image" value={text(get(c, ["image"]))} onChange={(e) => put([...at, "image"], e.target.value)} />
            <Variables module={module} at={[...at, "variables"]} onChange={onChange} of={name} />
            <div className={styles.sizes}>
              {size("requests", "cpu")}
              {size("limits", "cpu")}
              {size("requests", "memory")}
              {size("limits", "memory")}
            </div>
          </fieldset>
        );
      })}
      <Externals module={module} onChange={onChange} />
    </div>
  );
}

function Variables({ module, at, onChange, of }: Props & { at: string[]; of: string }) {
  const variables = entries(get(module, at));
  const free = () => {
    for (let i = 1; ; i++) if (!variables.some(([k]) => k === `VARIABLE_${i}`)) return `VARIABLE_${i}`;
  };
  return (
    <div className="stack-tight">
      <span className="field-label">Variables</span>
      {variables.map(([key, value], i) => (
        <div key={i} className={styles.pair}>
          <KeyField value={key} label={`Name of variable ${i + 1} of ${of}`} onCommit={(next) => onChange(rename(module, at, key, next))} />
          <TextField label={`Value of ${key}`} hideLabel value={text(value)} className="mono" onChange={(e) => onChange(set(module, [...at, key], e.target.value))} />
          <IconButton label={`Remove ${key}`} onClick={() => onChange(set(module, [...at, key], undefined))}>
            <Trash2 size={14} aria-hidden />
          </IconButton>
        </div>
      ))}
      <div>
        <Button small icon={<Plus size={14} aria-hidden />} onClick={() => onChange(set(module, [...at, free()], ""))}>
          Variable
        </Button>
      </div>
    </div>
  );
}

/** A key is renamed when one leaves the field: on the way there it may be another's name. */
function KeyField({ value, label, onCommit }: { value: string; label: string; onCommit: (value: string) => void }) {
  const [typed, setTyped] = useState<string>();
  return (
    <TextField
      label={label}
      hideLabel
      className="mono"
      value={typed ?? value}
      onChange={(e) => setTyped(e.target.value)}
      onBlur={() => {
        if (typed) onCommit(typed);
        setTyped(undefined);
      }}
    />
  );
}

function Externals({ module, onChange }: Props) {
  const [name, setName] = useState("");
  const [type, setType] = useState("");
  const own = entries(module.externals);
  const taken = own.some(([id]) => id === name);
  return (
    <fieldset className={styles.group}>
      <legend>Resources of its own</legend>
      {own.map(([id, r]) => (
        <div key={id} className={styles.pair}>
          <code>{id}</code>
          <span>
            <code>{text(get(r, ["type"]))}</code> <span className="muted small">{text(get(r, ["class"]))}</span>
          </span>
          <IconButton label={`Remove ${id}`} onClick={() => onChange(set(module, ["externals", id], undefined))}>
            <Trash2 size={14} aria-hidden />
          </IconButton>
        </div>
      ))}
      <div className={styles.pair}>
        <TextField label="Name of a resource" hideLabel placeholder="Name" value={name} error={taken ? "It has one of this name." : undefined} onChange={(e) => setName(e.target.value)} />
        <TextField label="Type of a resource" hideLabel placeholder="Type, such as postgres" value={type} onChange={(e) => setType(e.target.value)} />
        <IconButton
          label="Add the resource"
          disabled={!name || !type || taken}
          onClick={() => {
            onChange(set(module, ["externals", name], { type, class: "default" }));
            setName("");
            setType("");
          }}
        >
          <Plus size={14} aria-hidden />
        </IconButton>
      </div>
      <p className="muted small">
        A variable reads an output of one as <code>{"${externals.NAME.OUTPUT}"}</code>, and a value as <code>{"${values.KEY}"}</code>.
      </p>
    </fieldset>
  );
}
