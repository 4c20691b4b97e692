import "@xyflow/react/dist/base.css";
import "./graph.css";

import { useQuery } from "@tanstack/react-query";
import { Background, Controls, Handle, Position, ReactFlow, ReactFlowProvider, useReactFlow, type Edge, type Node, type NodeProps } from "@xyflow/react";
import { memo, useEffect, useMemo } from "react";

import { ErrorNotice } from "../ErrorNotice";
import { Loading } from "../Loading";
import { layout, nodeSize } from "./layout";
import type { GraphNode, GraphProps } from ".";

type ResourceNode = Node<Pick<GraphNode, keyof GraphNode> & { pale: boolean } & Record<string, unknown>, "resource">;

const Resource = memo(function Resource({ data, selected }: NodeProps<ResourceNode>) {
  return (
    <div className={["graph-node", `graph-${data.tone ?? "idle"}`, data.pale && "graph-pale", selected && "graph-chosen"].filter(Boolean).join(" ")}>
      <Handle type="target" position={Position.Left} isConnectable={false} />
      <span className="graph-type cut">{data.type}</span>{" "}
      <span className="graph-name cut" title={data.name}>
        {data.name}
      </span>
      <Handle type="source" position={Position.Right} isConnectable={false} />
    </div>
  );
});

const nodeTypes = { resource: Resource };

export default function Graph(props: GraphProps) {
  return (
    <ReactFlowProvider>
      <Flow {...props} />
    </ReactFlowProvider>
  );
}

function Flow({ label, nodes, edges, selected, onSelect, matches, height = "32rem" }: GraphProps) {
  const flow = useReactFlow();
  // The layout depends on what there is, not on how it is: it stays where it was while statuses change.
  const shape = useMemo(() => JSON.stringify([nodes.map((n) => n.id), edges]), [nodes, edges]);
  const places = useQuery({ queryKey: ["layout", shape], queryFn: () => layout(nodes, edges), staleTime: Infinity, gcTime: 60_000 });
  const flowNodes = useMemo(
    () =>
      nodes.map(
        (n): ResourceNode => ({
          id: n.id, type: "resource", position: places.data?.get(n.id) ?? { x: 0, y: 0 }, ...nodeSize, measured: nodeSize,
          data: { ...n, pale: matches !== undefined && !matches.has(n.id) }, selected: n.id === selected, connectable: false, draggable: false,
          ariaLabel: [`${n.type} ${n.name}`, n.status].filter(Boolean).join(", "), ariaRole: "button",
        }),
      ),
    [nodes, places.data, matches, selected],
  );
  const flowEdges = useMemo(
    () =>
      edges.map(
        (e): Edge => ({
          id: `${e.from} ${e.to}`, source: e.from, target: e.to, focusable: false,
          className: selected !== undefined && (e.from === selected || e.to === selected) ? "graph-edge-chosen" : undefined,
        }),
      ),
    [edges, selected],
  );
  useEffect(() => {
    if (matches && matches.size > 0 && matches.size < nodes.length) void flow.fitView({ nodes: [...matches].map((id) => ({ id })), maxZoom: 1, padding: 0.3 });
  }, [flow, matches, nodes.length]);
  if (places.error) return <ErrorNotice error={places.error} title="The graph could not be laid out" />;
  if (!places.data) return <Loading lines={8} label="Laying out the graph" />;
  return (
    <div className="graph" style={{ height }} role="region" aria-label={label}>
      <ReactFlow<ResourceNode>
        nodes={flowNodes}
        edges={flowEdges}
        nodeTypes={nodeTypes}
        fitView
        fitViewOptions={{ maxZoom: 1, padding: 0.1 }}
        minZoom={0.05}
        maxZoom={2}
        onlyRenderVisibleElements={nodes.length > 100}
        nodesDraggable={false}
        nodesConnectable={false}
        edgesFocusable={false}
        deleteKeyCode={null}
        onNodeClick={(_, n) => onSelect?.(n.id)}
        onPaneClick={() => onSelect?.(undefined)}
        onNodesChange={(changes) => {
          // What the keyboard selects.
          for (const c of changes) if (c.type === "select" && c.selected) onSelect?.(c.id);
        }}
        proOptions={{ hideAttribution: true }}
      >
        <Background gap={24} size={1} />
        <Controls showInteractive={false} />
      </ReactFlow>
    </div>
  );
}
