package manifest

// The built-in workload profiles. Their ids are those of the public API, which stored sets refer to.
const (
	ProfileModule  = "humanitec/default-module"
	ProfileJob     = "humanitec/default-job"
	ProfileCronJob = "humanitec/default-cronjob"

	ProfileDaemonSet   = "humanitec/default-daemonset"
	ProfileStatefulSet = "humanitec/default-statefulset"
)

// featureVersion is the version of every feature and profile.
const featureVersion = "0.1"

// Profile describes a workload profile in the shape of the public API (WorkloadProfileResponse), without who created it
// and when.
type Profile struct {
	ID             string         `json:"id"`
	OrgID          string         `json:"org_id"`
	Version        string         `json:"version"`
	Description    string         `json:"description"`
	SpecDefinition SpecDefinition `json:"spec_definition"`
	// SpecSchema is a JSON schema of the spec after placeholders are resolved.
	SpecSchema map[string]any `json:"spec_schema"`
	Chart      ChartReference `json:"workload_profile_chart"`
}

// QualifiedID is the id that modules refer to, such as humanitec/default-module.
func (p Profile) QualifiedID() string { return p.OrgID + "/" + p.ID }

// SpecDefinition says which features make up the spec of a profile.
type SpecDefinition struct {
	Properties        map[string]Property `json:"properties,omitempty"`
	RuntimeProperties []Property          `json:"runtime_properties,omitempty"`
}

// Property is a part of a spec: a feature, a collection of objects made of features, or a schema of its own.
type Property struct {
	Type              string              `json:"type"`
	FeatureName       string              `json:"feature_name,omitempty"`
	Title             string              `json:"title,omitempty"`
	Version           string              `json:"version,omitempty"`
	UIHints           *UIHints            `json:"ui_hints,omitempty"`
	RuntimeProperties []Property          `json:"runtime_properties,omitempty"`
	Properties        map[string]Property `json:"properties,omitempty"`
}

// UIHints say where a user interface shows a property, if at all.
type UIHints struct {
	Order  int  `json:"order,omitempty"`
	Hidden bool `json:"hidden,omitempty"`
}

// ChartReference names the chart of a profile. The built-in ones are rendered natively and carry their own name.
type ChartReference struct {
	ID      string `json:"id"`
	Version string `json:"version"`
}

// Profiles lists the built-in profiles. Every call gives a copy of its own.
func Profiles() []Profile {
	return []Profile{
		newProfile("default-cronjob", "Runs containers on schedules: one Kubernetes CronJob for each schedule.", cronJobProperties()),
		newProfile("default-daemonset", "Keeps one pod running on each node: a Kubernetes DaemonSet, with a Service when ports are declared.", daemonSetProperties()),
		newProfile("default-job", "Runs containers to their end when it is deployed: a Kubernetes Job.", jobProperties()),
		newProfile("default-module", "Keeps containers running: a Kubernetes Deployment, with a Service when ports are declared.", moduleProperties()),
		newProfile("default-statefulset", "Keeps pods with names and volumes of their own running: a Kubernetes StatefulSet, "+
			"with a Service when ports are declared.", statefulSetProperties()),
	}
}

func newProfile(id, description string, properties map[string]Property) Profile {
	definition := SpecDefinition{Properties: properties}
	if id == "default-module" || id == "default-statefulset" {
		definition.RuntimeProperties = []Property{{Type: "feature", FeatureName: "humanitec/replicas", Version: featureVersion}}
	}
	return Profile{
		ID: id, OrgID: "humanitec", Version: featureVersion, Description: description,
		SpecDefinition: definition,
		SpecSchema:     specSchema(properties),
		Chart:          ChartReference{ID: id, Version: featureVersion},
	}
}

func feature(name string, order int) Property {
	return Property{Type: "feature", FeatureName: "humanitec/" + name, Version: featureVersion, UIHints: &UIHints{Order: order}}
}

func hidden(name string) Property {
	return Property{Type: "feature", FeatureName: "humanitec/" + name, Version: featureVersion, UIHints: &UIHints{Hidden: true}}
}

func titled(p Property, title string) Property {
	p.Title = title
	return p
}

// podProperties are the features that all profiles share.
func podProperties() map[string]Property {
	return map[string]Property{
		"annotations":        feature("annotations", 6),
		"containers":         containersProperty(),
		"extraContainers":    hidden("extra-containers"),
		"extraVolumes":       hidden("extra-volumes"),
		"imagePullSecrets":   hidden("image-pull-secrets"),
		"labels":             feature("labels", 5),
		"pod":                hidden("pod"),
		"serviceAccountName": feature("service-account", 3),
		"variables":          hidden("extra-variables"),
		"volumes":            hidden("volumes"),
	}
}

func moduleProperties() map[string]Property {
	properties := podProperties()
	properties["deployment"] = hidden("deployment")
	properties["ingress"] = feature("ingress", 2)
	properties["service"] = feature("service", 4)
	return properties
}

func daemonSetProperties() map[string]Property {
	properties := podProperties()
	properties["daemonset"] = hidden("daemonset")
	properties["service"] = feature("service", 4)
	return properties
}

func statefulSetProperties() map[string]Property {
	properties := podProperties()
	properties["ingress"] = feature("ingress", 2)
	properties["service"] = feature("service", 4)
	properties["statefulset"] = hidden("statefulset")
	return properties
}

func jobProperties() map[string]Property {
	properties := podProperties()
	properties["job"] = hidden("job")
	return properties
}

func cronJobProperties() map[string]Property {
	properties := jobProperties()
	properties["cronjob"] = hidden("cronjob")
	properties["schedules"] = titled(feature("schedules", 1), "Schedules")
	return properties
}

func containersProperty() Property {
	return Property{
		Type: "collection", FeatureName: "humanitec/containers", Title: "Containers", Version: featureVersion,
		UIHints: &UIHints{Order: -1},
		Properties: map[string]Property{
			"args":            titled(feature("overrides", 9), "Argument overrides"),
			"command":         titled(feature("overrides", 8), "Command overrides"),
			"env":             hidden("envs"),
			"files":           feature("files", 3),
			"image":           feature("image", 1),
			"liveness_probe":  titled(feature("probe", 5), "Liveness probe"),
			"readiness_probe": titled(feature("probe", 6), "Readiness probe"),
			"resources":       titled(feature("resources", 7), "Resources"),
			"startup_probe":   titled(hidden("probe"), "Startup probe"),
			"variables":       feature("variables", 2),
			"volume_mounts":   titled(feature("volume-mounts", 4), "Volume mounts"),
		},
		RuntimeProperties: []Property{{Type: "feature", FeatureName: "humanitec/logs", Title: "Container logs", Version: featureVersion}},
	}
}
