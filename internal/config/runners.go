package config

import (
	"fmt"
	"strings"
	"time"
)

// Runners says where Terraform runs, and what Jobs get that Slipway makes in a cluster.
type Runners struct {
	RunnerLauncher       string
	RunnerNamespace      string
	RunnerImage          string
	RunnerServiceAccount string
	RunnerSecret         string
	RunnerKubeconfig     string
	RunnerPodTemplate    string
	ContainerNamespaces  []string
	TerraformImage       string
	OpenTofuImage        string
	RunnerStart          time.Duration
	RunnerTTL            time.Duration
}

// RunnerSettings names the settings of Runners, for Bind.
func RunnerSettings() []string {
	names := make([]string, 0, len(runnerSettings))
	for _, s := range runnerSettings {
		names = append(names, s.flag)
	}
	return names
}

func init() { settings = append(settings, runnerSettings...) }

var runnerSettings = []setting{
	{"runner-launcher", []string{"SLIPWAY_RUNNER_LAUNCHER"}, "local", "where Terraform runs: local (a process beside the worker) or kubernetes (a Job for each run)",
		func(c *Config, s string) error {
			if s != "local" && s != "kubernetes" {
				return fmt.Errorf("expected local or kubernetes, got %q", s)
			}
			c.RunnerLauncher = s
			return nil
		},
		func(c Config) string { return c.RunnerLauncher }},
	text("runner-namespace", "SLIPWAY_RUNNER_NAMESPACE", "slipway", "namespace of the Jobs of Terraform runners", func(c *Config) *string { return &c.RunnerNamespace }),
	text("runner-image", "SLIPWAY_RUNNER_IMAGE", "", "image of Terraform runners, with slipway and terraform or tofu on its PATH; also the image from which Jobs of the container drivers take the program slipway", func(c *Config) *string { return &c.RunnerImage }),
	text("runner-service-account", "SLIPWAY_RUNNER_SERVICE_ACCOUNT", "", "service account of Terraform runners; empty is the namespace's default, whose token they do not get", func(c *Config) *string { return &c.RunnerServiceAccount }),
	text("runner-secret", "SLIPWAY_RUNNER_SECRET", "slipway-runner", "Secret in that namespace from which Terraform runners get the address of the database (key database-url) and the keyset (key keyset.json)", func(c *Config) *string { return &c.RunnerSecret }),
	text("runner-kubeconfig", "SLIPWAY_RUNNER_KUBECONFIG", "", "kubeconfig of the cluster in which Terraform runs; empty means the cluster the worker runs in", func(c *Config) *string { return &c.RunnerKubeconfig }),
	text("runner-pod-template", "SLIPWAY_RUNNER_POD_TEMPLATE", "", "file with a pod template (YAML) that is laid over the pods of Terraform runners: resources of the container runner, node selector, tolerations", func(c *Config) *string { return &c.RunnerPodTemplate }),
	{"container-namespaces", []string{"SLIPWAY_CONTAINER_NAMESPACES"}, "", "comma-separated: the only namespaces of the server's own cluster in which containers of definitions may run; empty means all but Slipway's own",
		func(c *Config, s string) error {
			c.ContainerNamespaces = strings.FieldsFunc(s, func(r rune) bool { return r == ',' || r == ' ' })
			return nil
		},
		func(c Config) string { return strings.Join(c.ContainerNamespaces, ",") }},
	text("container-terraform-image", "SLIPWAY_CONTAINER_TERRAFORM_IMAGE", "docker.io/hashicorp/terraform:1.5.7", "image in which humanitec/terraform-container-runner runs code whose definition names none", func(c *Config) *string { return &c.TerraformImage }),
	text("container-opentofu-image", "SLIPWAY_CONTAINER_OPENTOFU_IMAGE", "ghcr.io/opentofu/opentofu:1.9.1", "image in which humanitec/opentofu-container-runner runs code whose definition names none", func(c *Config) *string { return &c.OpenTofuImage }),
	duration("runner-start-timeout", "SLIPWAY_RUNNER_START_TIMEOUT", "5m", "how long a Terraform runner in a cluster may take to start before its resource fails with the reason", time.Second, func(c *Config) *time.Duration { return &c.RunnerStart }),
	duration("runner-ttl", "SLIPWAY_RUNNER_TTL", "10m", "how long an ended Job stays in the cluster, for its log", time.Second, func(c *Config) *time.Duration { return &c.RunnerTTL }),
}
