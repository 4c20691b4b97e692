package pipeline

import "strings"

// Schema returns the JSON schema (draft 2020-12) of pipelines, for editors. It says what stands where; [Parse] checks more,
// such as needs and expressions.
func Schema() map[string]any {
	return map[string]any{
		"$schema":              "https://json-schema.org/draft/2020-12/schema",
		"title":                "Pipeline",
		"type":                 "object",
		"required":             []any{"name", "on", "jobs"},
		"additionalProperties": false,
		"properties": map[string]any{
			"name":            described(text(), "what people read"),
			"id":              map[string]any{"type": "string", "pattern": idPattern.String(), "description": "id of the pipeline; a UUID when absent"},
			"metadata":        described(mapOf(scalar()), "free text by key"),
			"timeout-minutes": described(minutes(), "limit of a run; 60 when absent"),
			"concurrency": closed([]any{"group"}, map[string]any{
				"group": described(text(), "runs of one group in an application take place one after another; may hold expressions"),
			}),
			"permissions": closed(nil, map[string]any{
				"run-as":      map[string]any{"enum": []any{"inherit"}, "description": "act with the roles of whoever starts the run"},
				"application": map[string]any{"enum": []any{"viewer", "developer", "owner"}},
				"env-types":   mapOf(map[string]any{"enum": []any{"deployer"}}),
			}),
			"env":  described(map[string]any{"type": "object"}, "values for the context env"),
			"on":   onSchema(),
			"jobs": map[string]any{"type": "object", "minProperties": 1, "maxProperties": maxJobs, "propertyNames": names(), "additionalProperties": jobSchema()},
		},
	}
}

func onSchema() map[string]any {
	types := make([]any, len(inputTypes))
	for i, kind := range inputTypes {
		types[i] = kind
	}
	input := closed(nil, map[string]any{
		"type": map[string]any{"enum": types}, "description": text(), "required": map[string]any{"type": "boolean"}, "default": map[string]any{},
	})
	input["type"] = []any{"object", "null"}
	inputs := mapOf(input)
	inputs["type"], inputs["propertyNames"] = []any{"object", "null"}, names()
	call := closed(nil, map[string]any{"inputs": inputs})
	call["type"] = []any{"object", "null"}
	out := closed(nil, map[string]any{
		TriggerDeploymentRequest: map[string]any{"type": []any{"object", "null"}, "additionalProperties": false},
		TriggerPipelineCall:      call,
		TriggerArtefact: closed([]any{"type", "include"}, map[string]any{
			"type":      map[string]any{"enum": []any{ArtefactContainer, ArtefactWorkload}},
			"include":   described(texts(1), "regular expressions for the name; one of them must match the whole of it"),
			"exclude":   described(texts(0), "regular expressions for the name; none of them may match"),
			"match-ref": described(text(), "regular expression for the ref"),
		}),
		TriggerSchedule: map[string]any{"type": "array", "minItems": 1, "maxItems": maxSchedules, "items": closed([]any{"cron"}, map[string]any{
			"cron":      described(text(), "minute, hour, day of month, month, day of week"),
			"time-zone": described(text(), "name of a time zone such as Europe/Berlin; UTC when absent"),
			"inputs":    map[string]any{"type": "object"},
		})},
	})
	out["minProperties"] = 1
	return out
}

func jobSchema() map[string]any {
	return closed([]any{"steps"}, map[string]any{
		"name": text(), "needs": described(texts(0), "jobs that must end first"), "if": ifSchema(),
		"continue-on-error": map[string]any{"type": "boolean"}, "timeout-minutes": minutes(),
		"env": map[string]any{"type": "object"}, "outputs": map[string]any{"type": "object"},
		"steps": map[string]any{"type": "array", "minItems": 1, "maxItems": maxSteps, "items": stepSchema()},
	})
}

func stepSchema() map[string]any {
	out := closed([]any{"uses"}, map[string]any{
		"id": names(), "name": text(), "if": ifSchema(), "uses": map[string]any{"type": "string", "pattern": usesPattern.String()},
		"with": map[string]any{"type": []any{"object", "null"}}, "env": map[string]any{"type": "object"},
		"continue-on-error": map[string]any{"type": "boolean"}, "timeout-minutes": minutes(),
	})
	var perAction []any
	for _, a := range Actions() {
		perAction = append(perAction, map[string]any{
			"if":   map[string]any{"properties": map[string]any{"uses": map[string]any{"pattern": usesOf(a)}}},
			"then": map[string]any{"properties": map[string]any{"with": a.InputSchema()}},
		})
	}
	out["allOf"] = perAction
	return out
}

func usesOf(a Action) string {
	names := append([]string{a.Ref.Name}, a.Aliases...)
	for i, name := range names {
		names[i] = strings.TrimPrefix(name, "humanitec/")
	}
	return "/(" + strings.Join(names, "|") + ")(@" + a.Ref.Version + ")?$"
}

// InputSchema returns the JSON schema of the action's inputs as they stand under `with`. Any of them may be an expression.
func (a Action) InputSchema() map[string]any {
	properties := map[string]any{}
	var needed []any
	for _, field := range a.Inputs {
		schema := field.schema()
		properties[field.Name] = schema
		var either []any
		for _, name := range append([]string{field.Name}, field.Aliases...) {
			properties[name] = schema
			either = append(either, map[string]any{"required": []any{name}})
		}
		if field.Required {
			needed = append(needed, map[string]any{"anyOf": either})
		}
	}
	out := map[string]any{"type": []any{"object", "null"}, "properties": properties, "additionalProperties": false}
	if len(needed) > 0 {
		out["type"], out["allOf"] = "object", needed
	}
	return out
}

// OutputSchema returns the JSON schema of the action's outputs.
func (a Action) OutputSchema() map[string]any {
	properties := map[string]any{}
	for _, field := range a.Outputs {
		properties[field.Name] = described(typed(field.Type), field.Description)
	}
	return map[string]any{"type": "object", "properties": properties}
}

func (f Field) schema() map[string]any {
	out := typed(f.Type)
	if kind, ok := out["type"].(string); ok && kind != InputString {
		out["type"] = []any{kind, InputString, "null"} // an expression is a text
	} else if f.Type == InputString {
		out["type"] = []any{InputString, InputNumber, InputBoolean, "null"}
	}
	return described(out, f.Description)
}

func typed(kind string) map[string]any {
	if kind == fieldAny {
		return map[string]any{}
	}
	return map[string]any{"type": kind}
}

func described(schema map[string]any, text string) map[string]any {
	schema["description"] = text
	return schema
}

func text() map[string]any     { return map[string]any{"type": "string"} }
func scalar() map[string]any   { return map[string]any{"type": []any{"string", "number", "boolean"}} }
func ifSchema() map[string]any { return map[string]any{"type": []any{"string", "boolean"}} }
func names() map[string]any {
	return map[string]any{"type": "string", "pattern": namePattern.String()}
}

func minutes() map[string]any {
	return map[string]any{"type": "integer", "minimum": 1, "maximum": MaxTimeoutMinutes}
}

func mapOf(of map[string]any) map[string]any {
	return map[string]any{"type": "object", "additionalProperties": of}
}

// texts is one text or a list of them.
func texts(least int) map[string]any {
	return map[string]any{"oneOf": []any{text(), map[string]any{"type": "array", "minItems": least, "items": text()}}}
}

func closed(needed []any, properties map[string]any) map[string]any {
	out := map[string]any{"type": "object", "properties": properties, "additionalProperties": false}
	if len(needed) > 0 {
		out["required"] = needed
	}
	return out
}
