// Renders /openapi.json. Everything goes through textContent, so nothing in the
// document can become markup.
"use strict";

const methods = ["get", "post", "put", "patch", "delete"];

function el(tag, attributes, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (value !== undefined) node.setAttribute(name, value);
  }
  for (const child of children.flat()) {
    if (child !== null && child !== undefined) node.append(child);
  }
  return node;
}

function refName(schema) {
  return schema && schema.$ref ? schema.$ref.split("/").pop() : "";
}

// typeOf says in one line what a schema is; a reference to a component links
// to a description that opens below.
function typeOf(schema) {
  if (!schema || Object.keys(schema).length === 0) return "any";
  if (schema.$ref) return refName(schema);
  if (schema.oneOf) return schema.oneOf.map(typeOf).join(" or ");
  if (schema.type === "array") return "[" + typeOf(schema.items) + "]";
  if (schema.type === "object" && typeof schema.additionalProperties === "object") {
    return "map of " + typeOf(schema.additionalProperties);
  }
  const kind = schema.format ? schema.type + " (" + schema.format + ")" : schema.type || "any";
  return schema.nullable ? kind + " or null" : kind;
}

// componentsOf lists the names of the components that a schema refers to itself.
function componentsOf(schema) {
  if (!schema) return [];
  if (schema.$ref) return [refName(schema)];
  const below = [schema.items, schema.additionalProperties, ...(schema.oneOf || [])];
  return below.filter((s) => s && typeof s === "object").flatMap(componentsOf);
}

function schemaTable(doc, schema) {
  const required = new Set(schema.required || []);
  const rows = Object.entries(schema.properties || {}).map(([name, property]) =>
    el("tr", {},
      el("td", {}, el("code", {}, name), required.has(name) ? " *" : ""),
      el("td", {}, typeOf(property)),
      el("td", { class: "hint" }, property.description || "", (property.enum || []).length ? " (" + property.enum.join(", ") + ")" : "")));
  if (rows.length === 0) return el("p", { class: "hint" }, "Any JSON object.");
  return el("table", {}, el("tbody", {}, rows));
}

function component(doc, name, open) {
  const details = el("details", { class: "schema" }, el("summary", {}, el("code", {}, name)));
  const fill = () => {
    const schema = doc.components.schemas[name];
    const below = new Set(Object.values(schema.properties || {}).flatMap(componentsOf));
    details.append(schemaTable(doc, schema), ...[...below].map((n) => component(doc, n, false)));
  };
  details.addEventListener("toggle", fill, { once: true }); // lazily: components may refer back
  details.open = open;
  return details;
}

function body(doc, title, content) {
  const parts = [];
  for (const [media, { schema }] of Object.entries(content || {})) {
    parts.push(el("p", {}, el("code", {}, media), ": ", typeOf(schema)));
    if (schema && schema.properties) parts.push(schemaTable(doc, schema));
    parts.push(...componentsOf(schema).map((name) => component(doc, name, true)));
  }
  return parts.length ? [el("h3", {}, title), ...parts] : [];
}

function parameters(op) {
  if (!(op.parameters || []).length) return [];
  const rows = op.parameters.map((p) => el("tr", {},
    el("td", {}, el("code", {}, p.name), p.required ? " *" : ""),
    el("td", {}, p.in + ", " + typeOf(p.schema)),
    el("td", { class: "hint" }, p.description || "")));
  return [el("h3", {}, "Parameters"), el("table", {}, el("tbody", {}, rows))];
}

function curl(method, path, op) {
  const data = op.requestBody ? " \\\n  -d @body.json" : "";
  return 'curl -X ' + method + ' -H "Authorization: Bearer $SLIPWAY_TOKEN"' + data +
    " \\\n  '" + location.origin + path + "'";
}

function operation(doc, path, verb, op) {
  const method = verb.toUpperCase();
  const details = el("details", { class: "op", id: op.operationId },
    el("summary", {},
      el("span", { class: "method " + method }, method),
      el("code", { class: "path" }, path),
      el("span", { class: "hint" }, op.summary || "")));
  details.addEventListener("toggle", () => {
    const responses = Object.entries(op.responses).flatMap(([status, response]) =>
      status === "default" ? [] : [
        el("h3", {}, "Answer " + status + " " + (response.description || "")),
        ...body(doc, "", response.content).slice(1)]);
    details.append(el("div", {}, parameters(op),
      body(doc, "Request", op.requestBody && op.requestBody.content), responses,
      el("h3", {}, "Example"), el("pre", {}, curl(method, path, op))));
  }, { once: true });
  details.dataset.text = [method, path, op.operationId, op.summary].join(" ").toLowerCase();
  return details;
}

function render(doc) {
  const main = document.getElementById("main");
  const nav = document.getElementById("nav");
  document.getElementById("version").textContent = doc.info.version;
  main.replaceChildren(el("p", { class: "hint" }, doc.info.description + " The document: ",
    el("a", { href: "/openapi.json" }, "/openapi.json")));
  const areas = new Map(doc.tags.map((t) => [t.name, []]));
  for (const [path, item] of Object.entries(doc.paths)) {
    for (const verb of methods.filter((m) => item[m])) {
      areas.get(item[verb].tags[0]).push(operation(doc, path, verb, item[verb]));
    }
  }
  for (const [name, operations] of areas) {
    const id = "area-" + name.replace(/\W+/g, "-").toLowerCase();
    nav.append(el("a", { href: "#" + id }, name));
    main.append(el("section", { id }, el("h2", {}, name), operations));
  }
  document.getElementById("search").addEventListener("input", (event) => filter(event.target.value));
  openTarget();
  window.addEventListener("hashchange", openTarget);
}

function filter(text) {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  for (const section of document.querySelectorAll("section")) {
    let any = false;
    for (const op of section.querySelectorAll("details.op")) {
      op.hidden = !words.every((w) => op.dataset.text.includes(w));
      any = any || !op.hidden;
    }
    section.hidden = !any;
  }
}

function openTarget() {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!target) return;
  if (target.tagName === "DETAILS") target.open = true;
  target.scrollIntoView();
}

fetch("/openapi.json")
  .then((response) => response.json())
  .then(render)
  .catch((error) => { document.getElementById("main").replaceChildren(el("p", {}, "The document could not be read: " + error.message)); });
