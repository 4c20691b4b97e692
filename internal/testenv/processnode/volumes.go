package processnode

import (
	"cmp"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	authenticationv1 "k8s.io/api/authentication/v1"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

func (p *pod) volume(name string) string { return filepath.Join(p.dir, "volumes", name) }

// mountVolumes makes the folders of the pod, waiting for what is missing. false: the pod ends before.
func (p *pod) mountVolumes() bool {
	for _, v := range p.spec.Spec.Volumes {
		for {
			err := p.mount(v)
			if err == nil {
				break
			}
			p.warn("FailedMount", fmt.Sprintf("MountVolume.SetUp failed for volume %q : %v", v.Name, err))
			select {
			case <-p.ending:
				return false
			case <-p.node.ctx.Done():
				return false
			case <-time.After(500 * time.Millisecond):
			}
		}
	}
	return true
}

// warn leaves an event.
func (p *pod) warn(reason, message string) {
	now := metav1.Now()
	_, _ = p.node.client.CoreV1().Events(p.spec.Namespace).Create(p.node.ctx, &corev1.Event{
		ObjectMeta:     metav1.ObjectMeta{GenerateName: p.spec.Name + "."},
		InvolvedObject: corev1.ObjectReference{Kind: "Pod", Namespace: p.spec.Namespace, Name: p.spec.Name, UID: p.spec.UID},
		Reason:         reason, Message: message, Type: corev1.EventTypeWarning, FirstTimestamp: now, LastTimestamp: now, Count: 1,
	}, metav1.CreateOptions{})
}

func (p *pod) mount(v corev1.Volume) error {
	dir := p.volume(v.Name)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	switch {
	case v.Secret != nil:
		return p.mountSecret(dir, v.Secret.SecretName, v.Secret.Items, v.Secret.Optional)
	case v.ConfigMap != nil:
		return p.mountConfigMap(dir, v.ConfigMap.Name, v.ConfigMap.Items, v.ConfigMap.Optional)
	case v.Projected != nil:
		for _, s := range v.Projected.Sources {
			if err := p.project(dir, s); err != nil {
				return err
			}
		}
	}
	return nil
}

func (p *pod) project(dir string, s corev1.VolumeProjection) error {
	switch {
	case s.Secret != nil:
		return p.mountSecret(dir, s.Secret.Name, s.Secret.Items, s.Secret.Optional)
	case s.ConfigMap != nil:
		return p.mountConfigMap(dir, s.ConfigMap.Name, s.ConfigMap.Items, s.ConfigMap.Optional)
	case s.ServiceAccountToken != nil:
		account := cmp.Or(p.spec.Spec.ServiceAccountName, "default")
		token, err := p.node.client.CoreV1().ServiceAccounts(p.spec.Namespace).CreateToken(p.node.ctx, account, &authenticationv1.TokenRequest{
			Spec: authenticationv1.TokenRequestSpec{ExpirationSeconds: s.ServiceAccountToken.ExpirationSeconds},
		}, metav1.CreateOptions{})
		if err != nil {
			return err
		}
		return write(dir, s.ServiceAccountToken.Path, []byte(token.Status.Token))
	}
	return nil // the downward API
}

func (p *pod) mountSecret(dir, name string, items []corev1.KeyToPath, optional *bool) error {
	s, err := p.node.client.CoreV1().Secrets(p.spec.Namespace).Get(p.node.ctx, name, metav1.GetOptions{})
	if err != nil {
		return ignoreMissing(err, optional)
	}
	return place(dir, s.Data, items)
}

func (p *pod) mountConfigMap(dir, name string, items []corev1.KeyToPath, optional *bool) error {
	m, err := p.node.client.CoreV1().ConfigMaps(p.spec.Namespace).Get(p.node.ctx, name, metav1.GetOptions{})
	if err != nil {
		return ignoreMissing(err, optional)
	}
	all := map[string][]byte{}
	for k, v := range m.Data {
		all[k] = []byte(v)
	}
	return place(dir, all, items)
}

func ignoreMissing(err error, optional *bool) error {
	if apierrors.IsNotFound(err) && optional != nil && *optional {
		return nil
	}
	return err
}

func place(dir string, data map[string][]byte, items []corev1.KeyToPath) error {
	if len(items) == 0 {
		for k := range data {
			items = append(items, corev1.KeyToPath{Key: k, Path: k})
		}
	}
	for _, i := range items {
		content, ok := data[i.Key]
		if !ok {
			return fmt.Errorf("references non-existent key: %s", i.Key)
		}
		if err := write(dir, i.Path, content); err != nil {
			return err
		}
	}
	return nil
}

func write(dir, path string, content []byte) error {
	path = filepath.Join(dir, path)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	return os.WriteFile(path, content, 0o600)
}

// rewrite maps paths below mount paths to the folders of the volumes, the deepest mount first.
func (b *box) rewrite(s string) string {
	mounts := slices.Clone(b.spec.VolumeMounts)
	slices.SortFunc(mounts, func(x, y corev1.VolumeMount) int { return len(y.MountPath) - len(x.MountPath) })
	var pairs []string
	for _, m := range mounts {
		pairs = append(pairs, strings.TrimSuffix(m.MountPath, "/"), filepath.Join(b.pod.volume(m.Name), m.SubPath))
	}
	return strings.NewReplacer(pairs...).Replace(s)
}

// environment is what the container asks for, and what a kubelet and an image add.
func (b *box) environment() ([]string, error) {
	p := b.pod
	server, err := url.Parse(p.node.config.Host)
	if err != nil {
		return nil, err
	}
	out := []string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + p.dir, "HOSTNAME=" + p.spec.Name,
		"KUBERNETES_SERVICE_HOST=" + server.Hostname(), "KUBERNETES_SERVICE_PORT=" + server.Port(),
	}
	for _, from := range b.spec.EnvFrom {
		if from.SecretRef == nil {
			return nil, fmt.Errorf("envFrom is known for Secrets only")
		}
		s, err := p.node.client.CoreV1().Secrets(p.spec.Namespace).Get(p.node.ctx, from.SecretRef.Name, metav1.GetOptions{})
		if err != nil {
			return nil, err
		}
		for k, v := range s.Data {
			out = append(out, from.Prefix+k+"="+string(v))
		}
	}
	for _, e := range b.spec.Env {
		value, err := b.value(e)
		if err != nil {
			return nil, err
		}
		out = append(out, e.Name+"="+b.rewrite(value))
	}
	return out, nil
}

func (b *box) value(e corev1.EnvVar) (string, error) {
	p := b.pod
	switch from := e.ValueFrom; {
	case from == nil:
		return e.Value, nil
	case from.SecretKeyRef != nil:
		s, err := p.node.client.CoreV1().Secrets(p.spec.Namespace).Get(p.node.ctx, from.SecretKeyRef.Name, metav1.GetOptions{})
		if err != nil {
			return "", ignoreMissing(err, from.SecretKeyRef.Optional)
		}
		v, ok := s.Data[from.SecretKeyRef.Key]
		if !ok && (from.SecretKeyRef.Optional == nil || !*from.SecretKeyRef.Optional) {
			return "", fmt.Errorf("couldn't find key %s in Secret %s/%s", from.SecretKeyRef.Key, p.spec.Namespace, s.Name)
		}
		return string(v), nil
	case from.FieldRef != nil:
		return map[string]string{
			"metadata.name": p.spec.Name, "metadata.namespace": p.spec.Namespace, "metadata.uid": string(p.spec.UID), "spec.nodeName": p.node.Name,
		}[from.FieldRef.FieldPath], nil
	}
	return "", fmt.Errorf("the variable %s comes from where this node does not look", e.Name)
}
