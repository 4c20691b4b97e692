import { lazy, Suspense } from "react";

import type { Tone } from "~/lib/status";

import { Loading } from "../Loading";

export interface GraphNode {
  id: string;
  /** The first line: what it is. */
  type: string;
  /** The second line: which one. */
  name: string;
  /** In words; the tone colours it. */
  status?: string;
  tone?: Tone;
}

export interface GraphEdge {
  from: string;
  /** What `from` needs. */
  to: string;
}

export interface GraphProps {
  label: string;
  nodes: GraphNode[];
  edges: GraphEdge[];
  selected?: string;
  onSelect?: (id: string | undefined) => void;
  /** Those that are not among them are pale; undefined is all. */
  matches?: Set<string>;
  height?: string;
}

const Graph = lazy(() => import("./Graph"));

/** A graph that is laid out by itself: what needs something is left of it. Stays smooth with 500 nodes; its code is loaded when one is shown. */
export function DependencyGraph(props: GraphProps) {
  return (
    <Suspense fallback={<Loading lines={8} label="Loading the graph" />}>
      <Graph {...props} />
    </Suspense>
  );
}
