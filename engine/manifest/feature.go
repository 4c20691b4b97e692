package manifest

import (
	"slices"
	"strings"
)

// Feature is a building block of profiles in the shape of the public API (WorkloadProfileFeatureResponse).
type Feature struct {
	ID      string         `json:"id"`
	OrgID   string         `json:"org_id"`
	Version string         `json:"version"`
	Schema  map[string]any `json:"schema"`
}

// Features lists the built-in features by id. Every call gives a copy of its own.
func Features() []Feature {
	schemas := featureSchemas()
	out := make([]Feature, 0, len(schemas))
	for _, name := range sortedKeys(schemas) {
		out = append(out, Feature{ID: name, OrgID: "humanitec", Version: featureVersion, Schema: schemas[name]})
	}
	return out
}

// featureSchemas give a JSON schema for the value of each feature. Objects in Kubernetes' own form stay open: the
// cluster's version decides what they hold.
func featureSchemas() map[string]map[string]any {
	return map[string]map[string]any{
		"annotations":        mapOf(scalarSchema()),
		"containers":         {"type": "object", "minProperties": 1, "additionalProperties": openObject()},
		"cronjob":            openObject(),
		"daemonset":          openObject(),
		"deployment":         openObject(),
		"envs":               arrayOf(openObject()),
		"extra-containers":   arrayOf(openObject()),
		"extra-variables":    mapOf(anySchema()),
		"extra-volumes":      arrayOf(openObject()),
		"files":              mapOf(fileSchema()),
		"image":              {"type": "string", "minLength": 1},
		"image-pull-secrets": arrayOf(openObject()),
		"ingress":            openObject(),
		"job":                openObject(),
		"labels":             mapOf(scalarSchema()),
		"logs":               openObject(),
		"overrides":          arrayOf(scalarSchema()),
		"pod":                openObject(),
		"probe":              probeSchema(),
		"replicas":           {"type": "integer", "minimum": 0},
		"resources":          closedObject(map[string]any{"limits": mapOf(quantitySchema()), "requests": mapOf(quantitySchema()), "claims": arrayOf(openObject())}),
		"schedules":          mapOf(scheduleSchema()),
		"service":            serviceSchema(),
		"service-account":    {"type": "string"},
		"statefulset":        openObject(),
		"variables":          mapOf(anySchema()),
		"volume-mounts":      mapOf(mountSchema()),
		"volumes":            mapOf(volumeSchema()),
	}
}

// specSchema puts the schema of a spec together from those of its features. Fields of the pod and the Deployment in
// their old top-level form are taken as well.
func specSchema(properties map[string]Property) map[string]any {
	schemas := featureSchemas()
	out := map[string]any{}
	for _, name := range sortedKeys(properties) {
		p := properties[name]
		if p.Type == "collection" {
			out[name] = map[string]any{"type": "object", "minProperties": 1, "additionalProperties": containerSchema(p.Properties)}
			continue
		}
		out[name] = schemas[strings.TrimPrefix(p.FeatureName, "humanitec/")]
	}
	for _, name := range slices.Concat(featureKeys, oldPodKeys, oldDeploymentKeys) {
		if out[name] == nil {
			out[name] = anySchema()
		}
	}
	schema := closedObject(out)
	schema["required"] = []any{"containers"}
	return schema
}

func containerSchema(properties map[string]Property) map[string]any {
	schemas := featureSchemas()
	out := map[string]any{}
	for _, name := range slices.Concat(containerKeys, passedKeys) {
		out[name] = anySchema()
	}
	for name, p := range properties {
		out[name] = schemas[strings.TrimPrefix(p.FeatureName, "humanitec/")]
	}
	schema := closedObject(out)
	schema["required"] = []any{"image"}
	return schema
}

func fileSchema() map[string]any {
	return closedObject(map[string]any{
		"mode":          map[string]any{"type": "string", "pattern": "^(0?[0-7]{3})?$"},
		"value":         anySchema(),
		"binaryContent": map[string]any{"type": "string", "contentEncoding": "base64"},
	})
}

func mountSchema() map[string]any {
	schema := closedObject(map[string]any{
		"id": map[string]any{"type": "string", "minLength": 1}, "sub_path": map[string]any{"type": "string"}, "read_only": map[string]any{"type": "boolean"},
	})
	schema["required"] = []any{"id"}
	return schema
}

func probeSchema() map[string]any {
	out := map[string]any{
		"type": map[string]any{"type": "string", "enum": []any{"http", "tcp", "grpc", "command"}},
		"path": map[string]any{"type": "string"}, "host": map[string]any{"type": "string"}, "scheme": map[string]any{"type": "string"},
		"service": map[string]any{"type": "string"}, "port": portSchema(), "headers": anySchema(), "command": arrayOf(scalarSchema()),
	}
	for _, key := range timingKeys {
		out[key] = map[string]any{"type": "integer"}
	}
	for _, key := range nativeHandlers {
		out[key] = openObject()
	}
	return closedObject(out)
}

func scheduleSchema() map[string]any {
	override := closedObject(map[string]any{
		"id": map[string]any{"type": "string"}, "args": arrayOf(scalarSchema()), "command": arrayOf(scalarSchema()),
	})
	schema := closedObject(map[string]any{"schedule": map[string]any{"type": "string"}, "containers": mapOf(override)})
	schema["required"] = []any{"schedule"}
	return schema
}

func serviceSchema() map[string]any {
	port := closedObject(map[string]any{
		"name": map[string]any{"type": "string"}, "service_port": portSchema(), "container_port": portSchema(), "protocol": map[string]any{"type": "string"},
	})
	port["required"] = []any{"service_port"}
	return closedObject(map[string]any{"annotations": mapOf(scalarSchema()), "labels": mapOf(scalarSchema()), "ports": mapOf(port)})
}

func volumeSchema() map[string]any {
	schema := closedObject(map[string]any{
		"type": map[string]any{"type": "string"}, "source": openObject(), "defaultMode": anySchema(), "configMap": openObject(), "secret": openObject(),
	})
	schema["required"] = []any{"type"}
	return schema
}

func anySchema() map[string]any  { return map[string]any{} }
func openObject() map[string]any { return map[string]any{"type": "object"} }
func portSchema() map[string]any { return map[string]any{"type": []any{"integer", "string"}} }
func scalarSchema() map[string]any {
	return map[string]any{"type": []any{"string", "number", "boolean"}}
}
func quantitySchema() map[string]any { return map[string]any{"type": []any{"string", "number"}} }
func mapOf(value map[string]any) map[string]any {
	return map[string]any{"type": "object", "additionalProperties": value}
}
func arrayOf(item map[string]any) map[string]any {
	return map[string]any{"type": "array", "items": item}
}
func closedObject(properties map[string]any) map[string]any {
	return map[string]any{"type": "object", "properties": properties, "additionalProperties": false}
}
