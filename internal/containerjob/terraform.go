package containerjob

import (
	"path"

	corev1 "k8s.io/api/core/v1"

	"github.com/slipway-dev/slipway/drivers"
	"github.com/slipway-dev/slipway/drivers/container"
	"github.com/slipway-dev/slipway/internal/sidecar"
)

// addTerraform makes a pod run Terraform code, with the state that Slipway keeps.
func (a *attempt) addTerraform(pod *corev1.PodSpec) {
	if a.spec.Terraform == nil {
		return
	}
	pod.TerminationGracePeriodSeconds = new(int64(terraformGrace))
	pod.Containers[0].Command = []string{"/bin/sh", path.Join(a.spec.SharedDirectory, sidecar.Script)}
	if a.hold == nil {
		return
	}
	pod.Volumes = append(pod.Volumes, corev1.Volume{Name: "slipway-state", VolumeSource: corev1.VolumeSource{
		Secret: &corev1.SecretVolumeSource{SecretName: a.name + "-state"},
	}})
	for i := range pod.InitContainers {
		c := &pod.InitContainers[i]
		c.Command = append(c.Command, "--state-path", a.statePath())
		if c.Name == deliverContainer {
			c.Command = append(c.Command, "--state-secret", a.name+"-state")
			continue
		}
		c.Command = append(c.Command, "--state", stateFolder)
		c.VolumeMounts = append(c.VolumeMounts, corev1.VolumeMount{Name: "slipway-state", MountPath: stateFolder})
	}
}

// script is what runs in the container in place of its own command; "" is none.
func (a *attempt) script() string {
	if a.spec.Terraform == nil {
		return ""
	}
	return container.Script
}

// stateData is the state with which the Job begins.
func (a *attempt) stateData() (map[string][]byte, error) {
	if len(a.before) == 0 {
		return nil, nil
	}
	packed, err := sidecar.Pack(a.before)
	if err != nil {
		return nil, drivers.Invalid("%v", err)
	}
	return map[string][]byte{sidecar.StateKey: packed}, nil
}
