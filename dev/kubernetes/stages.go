package main

import (
	_ "embed"
	"fmt"
	"os"
	"strings"

	nodefast "sigs.k8s.io/kwok/kustomize/stage/node/fast"
	nodeheartbeat "sigs.k8s.io/kwok/kustomize/stage/node/heartbeat-with-lease"
	podfast "sigs.k8s.io/kwok/kustomize/stage/pod/fast"
)

// failures are stages of our own: pods that ask for it by an annotation go wrong in a way that a kubelet would report.
//
//go:embed failures.yaml
var failures string

// writeStages writes what kwok is to play: nodes and pods as kwok ships them, the failures, and the logs of containers.
func (o *options) writeStages() error {
	logs, err := o.writePodLogs()
	if err != nil {
		return err
	}
	stages := []string{
		nodefast.DefaultNodeInit, nodeheartbeat.DefaultNodeHeartbeatWithLease,
		podfast.DefaultPodReady, podfast.DefaultPodComplete, podfast.DefaultPodDelete,
		failures, logs,
	}
	if err := os.WriteFile(o.path("stages.yaml"), []byte(strings.Join(stages, "\n---\n")), 0o600); err != nil {
		return fmt.Errorf("write the stages of the nodes: %w", err)
	}
	return nil
}
