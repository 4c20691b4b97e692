package main

import (
	"fmt"
	"os"
	"strings"
	"time"

	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"

	"github.com/slipway-dev/slipway/internal/config"
	"github.com/slipway-dev/slipway/internal/kubejobs"
	"github.com/slipway-dev/slipway/internal/runner"
	"github.com/slipway-dev/slipway/internal/runner/jobs"
)

// jobLauncher starts Terraform runners as Kubernetes Jobs.
func jobLauncher(c config.Config, settings runner.Settings) (*jobs.Launcher, error) {
	if !strings.Contains(settings.DatabaseURL, "://") {
		return nil, fmt.Errorf("--runner-launcher=kubernetes needs PostgreSQL: a pod cannot reach the file %s; set --database-url", settings.DatabaseURL)
	}
	if c.RunnerImage == "" {
		return nil, fmt.Errorf("--runner-launcher=kubernetes needs --runner-image, an image with slipway and terraform or tofu")
	}
	rc, err := runnerCluster(c.RunnerKubeconfig)
	if err != nil {
		return nil, err
	}
	client, err := kubernetes.NewForConfig(rc)
	if err != nil {
		return nil, fmt.Errorf("--runner-kubeconfig: %w", err)
	}
	var template map[string]any
	if c.RunnerPodTemplate != "" {
		raw, err := os.ReadFile(c.RunnerPodTemplate)
		if err != nil {
			return nil, fmt.Errorf("--runner-pod-template: %w", err)
		}
		if template, err = kubejobs.ParseTemplate(string(raw)); err != nil {
			return nil, fmt.Errorf("--runner-pod-template: %w", err)
		}
	}
	launcher, err := jobs.New(jobs.Options{
		Client: client, Namespace: c.RunnerNamespace, Image: c.RunnerImage, ServiceAccount: c.RunnerServiceAccount, Secret: c.RunnerSecret,
		Template: template, TTL: c.RunnerTTL, StartTimeout: c.RunnerStart, Deadline: c.DeploymentDeadline + time.Hour, Settings: settings,
	})
	if err != nil {
		return nil, fmt.Errorf("--runner-pod-template: %w", err)
	}
	return launcher, nil
}

// runnerCluster reads the way into the cluster in which Terraform runs.
func runnerCluster(kubeconfig string) (*rest.Config, error) {
	c, err := rest.InClusterConfig()
	if kubeconfig != "" {
		c, err = clientcmd.BuildConfigFromFlags("", kubeconfig)
	}
	if err != nil {
		return nil, fmt.Errorf("--runner-kubeconfig: the cluster of Terraform's runners is not known: %w", err)
	}
	c.UserAgent, c.Timeout, c.QPS, c.Burst = "slipway", 30*time.Second, 50, 100
	return c, nil
}
