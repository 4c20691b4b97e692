package containerjob

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"path"
	"slices"

	authenticationv1 "k8s.io/api/authentication/v1"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"

	"github.com/slipway-dev/slipway/drivers"
	"github.com/slipway-dev/slipway/internal/kubejobs"
	"github.com/slipway-dev/slipway/internal/sidecar"
)

// Names of the containers, which a pod template may refer to.
const (
	jobContainer     = "job"
	fetchContainer   = "slipway-fetch"
	deliverContainer = "slipway-deliver"
)

// Where Slipway's containers find what is theirs.
const (
	orderFolder  = "/var/run/slipway/order"
	accessFolder = "/var/run/slipway/access"
	stateFolder  = "/var/run/slipway/state"
)

// maxSecret is what a Secret holds, in bytes, less what it needs itself.
const maxSecret = 1000 << 10

// ensure makes the Job and what it needs, or finds it.
func (a *attempt) ensure(ctx context.Context) error {
	ctx, stop := context.WithTimeout(ctx, requestTimeout)
	defer stop()
	jobs := a.client.BatchV1().Jobs(a.spec.Namespace)
	job, err := jobs.Get(ctx, a.name, metav1.GetOptions{})
	if apierrors.IsNotFound(err) {
		made, buildErr := a.job()
		if buildErr != nil {
			return buildErr
		}
		a.made = true
		job, err = jobs.Create(ctx, made, metav1.CreateOptions{})
		if apierrors.IsNotFound(err) {
			a.made = false
			return drivers.Invalid("the cluster of the container has no namespace %q", a.spec.Namespace)
		}
		if apierrors.IsForbidden(err) || apierrors.IsInvalid(err) {
			a.made = false
		}
	}
	if err != nil {
		return kubejobs.Failure(err, "make Job %s/%s", a.spec.Namespace, a.name)
	}
	a.made = true
	if job.Spec.Suspend == nil || !*job.Spec.Suspend {
		a.say("following Job " + a.name)
		return nil
	}
	if err := a.equip(ctx, job); err != nil {
		return err
	}
	a.say(fmt.Sprintf("Job %s in namespace %s (%s)", a.name, a.spec.Namespace, a.spec.Action))
	_, err = jobs.Patch(ctx, a.name, types.MergePatchType, []byte(`{"spec":{"suspend":false}}`), metav1.PatchOptions{})
	return kubejobs.Failure(err, "start Job %s/%s", a.spec.Namespace, a.name)
}

// equip makes what the Job owns: Secrets, and an identity that may patch the one with the results.
func (a *attempt) equip(ctx context.Context, job *batchv1.Job) error {
	meta := func(suffix string) metav1.ObjectMeta {
		return metav1.ObjectMeta{
			Name: a.name + suffix, Namespace: a.spec.Namespace, Labels: a.labels(),
			OwnerReferences: []metav1.OwnerReference{*metav1.NewControllerRef(job, batchv1.SchemeGroupVersion.WithKind("Job"))},
		}
	}
	order, err := json.Marshal(sidecar.Order{
		Source: a.spec.Source, Files: a.spec.Files, Cookie: a.spec.Cookie, KnownHosts: a.o.KnownHosts, Local: a.o.LocalSources,
		Script: a.script(),
	})
	if err != nil {
		return drivers.Invalid("the files of the container cannot be written as JSON")
	}
	if len(order) > maxSecret {
		return drivers.Invalid("files and cookie of the container take %d bytes; %d fit into a Secret; take large files from a source", len(order), maxSecret)
	}
	state, err := a.stateData()
	if err != nil {
		return err
	}
	results := []string{a.name + "-out"}
	if a.hold != nil {
		results = append(results, a.name+"-state")
	}
	env := map[string][]byte{}
	for name, value := range a.spec.SecretVariables {
		env[name] = []byte(value)
	}
	core, rbac := a.client.CoreV1(), a.client.RbacV1()
	account := &corev1.ServiceAccount{ObjectMeta: meta(""), AutomountServiceAccountToken: new(bool)}
	role := &rbacv1.Role{ObjectMeta: meta(""), Rules: []rbacv1.PolicyRule{
		{APIGroups: []string{""}, Resources: []string{"secrets"}, ResourceNames: results, Verbs: []string{"patch"}},
	}}
	binding := &rbacv1.RoleBinding{
		ObjectMeta: meta(""), RoleRef: rbacv1.RoleRef{APIGroup: rbacv1.GroupName, Kind: "Role", Name: a.name},
		Subjects: []rbacv1.Subject{{Kind: rbacv1.ServiceAccountKind, Name: a.name, Namespace: a.spec.Namespace}},
	}
	for _, create := range []func() error{
		func() error { return a.secret(ctx, meta("-in"), map[string][]byte{sidecar.OrderKey: order}) },
		func() error { return a.secret(ctx, meta("-env"), env) },
		func() error { return a.secret(ctx, meta("-out"), nil) },
		func() error {
			if a.hold == nil {
				return nil
			}
			return a.secret(ctx, meta("-state"), state)
		},
		func() error {
			_, err := core.ServiceAccounts(a.spec.Namespace).Create(ctx, account, metav1.CreateOptions{})
			return err
		},
		func() error {
			_, err := rbac.Roles(a.spec.Namespace).Create(ctx, role, metav1.CreateOptions{})
			return err
		},
		func() error {
			_, err := rbac.RoleBindings(a.spec.Namespace).Create(ctx, binding, metav1.CreateOptions{})
			return err
		},
	} {
		if err := create(); err != nil && !apierrors.IsAlreadyExists(err) {
			return kubejobs.Failure(err, "make what Job %s needs", a.name)
		}
	}
	return a.token(ctx, meta("-token"))
}

func (a *attempt) secret(ctx context.Context, meta metav1.ObjectMeta, data map[string][]byte) error {
	_, err := a.client.CoreV1().Secrets(a.spec.Namespace).Create(ctx, &corev1.Secret{ObjectMeta: meta, Data: data}, metav1.CreateOptions{})
	return err
}

// token gives the sidecar a token that ends with the Secret of the results.
func (a *attempt) token(ctx context.Context, meta metav1.ObjectMeta) error {
	out, err := a.client.CoreV1().Secrets(a.spec.Namespace).Get(ctx, a.name+"-out", metav1.GetOptions{})
	if err != nil {
		return kubejobs.Failure(err, "read the Secret of the results of Job %s", a.name)
	}
	seconds := int64(a.spec.Timeout.Seconds()) + 2*3600
	asked := &authenticationv1.TokenRequest{Spec: authenticationv1.TokenRequestSpec{
		ExpirationSeconds: &seconds,
		BoundObjectRef:    &authenticationv1.BoundObjectReference{Kind: "Secret", APIVersion: "v1", Name: out.Name, UID: out.UID},
	}}
	given, err := a.client.CoreV1().ServiceAccounts(a.spec.Namespace).CreateToken(ctx, a.name, asked, metav1.CreateOptions{})
	if err != nil {
		return kubejobs.Failure(err, "get a token for the sidecar of Job %s", a.name)
	}
	err = a.secret(ctx, meta, map[string][]byte{"token": []byte(given.Status.Token)})
	if err != nil && !apierrors.IsAlreadyExists(err) {
		return kubejobs.Failure(err, "make what Job %s needs", a.name)
	}
	return nil
}

func (a *attempt) labels() map[string]string {
	return map[string]string{
		nameLabel: nameOfContainers, "app.kubernetes.io/managed-by": "slipway", resourceLabel: a.resource,
	}
}

func (a *attempt) job() (*batchv1.Job, error) {
	template, err := a.pod()
	if err != nil {
		return nil, err
	}
	ttl, notes := new(int32(a.o.TTL.Seconds())), map[string]string{
		"slipway.dev/guresid": a.spec.GUResID, "slipway.dev/organization": a.spec.OrgID, "slipway.dev/deployment": a.spec.DeploymentID,
	}
	if a.hold != nil {
		ttl, notes[stateAnnotation] = nil, a.spec.Terraform.State // it must not go before its state is taken
	}
	return &batchv1.Job{
		ObjectMeta: metav1.ObjectMeta{Name: a.name, Namespace: a.spec.Namespace, Labels: a.labels(), Annotations: notes},
		Spec: batchv1.JobSpec{
			Suspend: new(true), BackoffLimit: new(int32), TTLSecondsAfterFinished: ttl,
			ActiveDeadlineSeconds: new(int64(a.spec.Timeout.Seconds())), PodReplacementPolicy: new(batchv1.Failed), Template: template,
		},
	}, nil
}

func (a *attempt) pod() (corev1.PodTemplateSpec, error) {
	shared := a.spec.SharedDirectory
	volume := func(name string) corev1.VolumeMount { return corev1.VolumeMount{Name: "slipway-" + name} }
	at := func(m corev1.VolumeMount, where string) corev1.VolumeMount { m.MountPath = where; return m }
	mount := at(volume("shared"), shared)
	locked := &corev1.SecurityContext{AllowPrivilegeEscalation: new(bool), Capabilities: &corev1.Capabilities{Drop: []corev1.Capability{"ALL"}}}
	helpers := []corev1.Container{
		{
			Name: fetchContainer, Image: a.o.Image, Command: []string{"slipway", "sidecar", "fetch", "--from", orderFolder, "--shared", shared},
			VolumeMounts: []corev1.VolumeMount{mount, at(volume("order"), orderFolder)}, SecurityContext: locked,
		},
		{
			Name: deliverContainer, Image: a.o.Image, RestartPolicy: new(corev1.ContainerRestartPolicyAlways),
			Command:      []string{"slipway", "sidecar", "deliver", "--shared", shared, "--access", accessFolder, "--namespace", a.spec.Namespace, "--secret", a.name + "-out"},
			VolumeMounts: []corev1.VolumeMount{mount, at(volume("access"), accessFolder)}, SecurityContext: locked,
			// The user's container starts when this one listens for its end.
			StartupProbe: &corev1.Probe{
				ProbeHandler:  corev1.ProbeHandler{Exec: &corev1.ExecAction{Command: []string{"slipway", "sidecar", "ready", "--shared", shared}}},
				PeriodSeconds: 1, TimeoutSeconds: 10, FailureThreshold: 60,
			},
		},
	}
	ours := corev1.PodTemplateSpec{
		ObjectMeta: metav1.ObjectMeta{Labels: a.labels()},
		Spec: corev1.PodSpec{
			ServiceAccountName: a.spec.ServiceAccount, EnableServiceLinks: new(bool), TerminationGracePeriodSeconds: new(int64(120)),
			Volumes: []corev1.Volume{
				{Name: "slipway-shared", VolumeSource: corev1.VolumeSource{EmptyDir: &corev1.EmptyDirVolumeSource{}}},
				{Name: "slipway-order", VolumeSource: corev1.VolumeSource{Secret: &corev1.SecretVolumeSource{SecretName: a.name + "-in"}}},
				{Name: "slipway-access", VolumeSource: corev1.VolumeSource{Projected: &corev1.ProjectedVolumeSource{Sources: []corev1.VolumeProjection{
					{Secret: &corev1.SecretProjection{LocalObjectReference: corev1.LocalObjectReference{Name: a.name + "-token"}}},
					{ConfigMap: &corev1.ConfigMapProjection{LocalObjectReference: corev1.LocalObjectReference{Name: "kube-root-ca.crt"}}},
				}}}},
			},
			InitContainers: helpers,
			Containers: []corev1.Container{{
				Name: jobContainer, Image: a.spec.Image, Command: a.spec.Command, Env: a.environment(),
				EnvFrom:      []corev1.EnvFromSource{{SecretRef: &corev1.SecretEnvSource{LocalObjectReference: corev1.LocalObjectReference{Name: a.name + "-env"}}}},
				VolumeMounts: []corev1.VolumeMount{mount},
			}},
		},
	}
	a.addTerraform(&ours.Spec)
	if a.spec.ServiceAccount == "" {
		ours.Spec.AutomountServiceAccountToken = new(bool)
	}
	merged, err := kubejobs.Merge(ours, a.spec.PodTemplate)
	if err != nil {
		return merged, drivers.Invalid("pod_template: %v", err)
	}
	merged.Spec.RestartPolicy = corev1.RestartPolicyNever
	if !keepsOurs(merged.Spec, ours.Spec) {
		return merged, drivers.Invalid("pod_template must leave the containers and volumes named slipway-* alone, and mount none of them")
	}
	return merged, nil
}

// secretVolumes hold what the user's container is not given.
var secretVolumes = []string{"slipway-order", "slipway-access", "slipway-state"}

// keepsOurs reports whether a template has left Slipway's containers as they are, and gives nobody else what is theirs.
func keepsOurs(merged, ours corev1.PodSpec) bool {
	for _, want := range ours.InitContainers {
		i := slices.IndexFunc(merged.InitContainers, func(c corev1.Container) bool { return c.Name == want.Name })
		if i < 0 || !slices.Equal(merged.InitContainers[i].Command, want.Command) || merged.InitContainers[i].Image != want.Image {
			return false
		}
	}
	for _, c := range append(slices.Clone(merged.InitContainers), merged.Containers...) {
		if c.Name == fetchContainer || c.Name == deliverContainer {
			continue
		}
		if slices.ContainsFunc(c.VolumeMounts, func(m corev1.VolumeMount) bool { return slices.Contains(secretVolumes, m.Name) }) {
			return false
		}
	}
	return true
}

// environment is the contract with the image; what is secret comes from a Secret.
func (a *attempt) environment() []corev1.EnvVar {
	shared := a.spec.SharedDirectory
	scripts := shared
	if a.spec.Source != nil {
		scripts = path.Join(scripts, a.spec.Source.Path)
	}
	out := []corev1.EnvVar{
		{Name: "ACTION", Value: a.spec.Action}, {Name: "SCRIPTS_DIRECTORY", Value: scripts},
		{Name: "OUTPUTS_FILE", Value: path.Join(shared, sidecar.Outputs)}, {Name: "SECRET_OUTPUTS_FILE", Value: path.Join(shared, sidecar.SecretOutputs)},
		{Name: "ERROR_FILE", Value: path.Join(shared, sidecar.ErrorText)}, {Name: "MANIFESTS_FILE", Value: path.Join(shared, sidecar.Manifests)},
		{Name: "COOKIE_FILE", Value: path.Join(shared, sidecar.Cookie)}, {Name: "GURESID", Value: a.spec.GUResID},
	}
	if t := a.spec.Terraform; t != nil {
		out = append(out, corev1.EnvVar{Name: "SLIPWAY_ENGINE", Value: t.Engine}, corev1.EnvVar{Name: "SLIPWAY_STATE", Value: t.State},
			corev1.EnvVar{Name: "SLIPWAY_FOLDER", Value: path.Join(shared, sidecar.Own)})
	}
	for _, name := range slices.Sorted(maps.Keys(a.spec.Variables)) {
		out = append(out, corev1.EnvVar{Name: name, Value: a.spec.Variables[name]})
	}
	return out
}
