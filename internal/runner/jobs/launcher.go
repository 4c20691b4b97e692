// Package jobs starts Terraform runners as Kubernetes Jobs: the launcher for
// workers whose runners shall outlive the worker's pod and have resources of
// their own.
//
// A run has one Job, named after it, so that starting it twice is harmless. What a
// runner does, its lease, its journal and its outcome are package runner's and in
// the database; the cluster is asked only for what keeps a runner from coming, and why
// one has died. The address of the database and the keyset reach the pod from a
// Secret that the operator made; the Job names it and holds neither.
package jobs

import (
	"context"
	"fmt"
	"strings"
	"time"

	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"

	"github.com/slipway-dev/slipway/internal/kubejobs"
	"github.com/slipway-dev/slipway/internal/runner"
)

// Options are the settings of a Launcher.
type Options struct {
	Client kubernetes.Interface
	// Namespace is where the Jobs are; it must exist.
	Namespace string
	// Image has the programs slipway and Terraform (or OpenTofu).
	Image string
	// ServiceAccount of the pods; "" is the namespace's default, whose token is then not mounted.
	ServiceAccount string
	// Secret holds the keys database-url and keyset.json.
	Secret string
	// Template is laid over the pods (kubejobs.Merge); nil for none.
	Template map[string]any
	// TTL is how long an ended Job stays. Default 10 min.
	TTL time.Duration
	// StartTimeout is how long a runner may take to show up. Default 5 min.
	StartTimeout time.Duration
	// Patience is how long what rarely passes by itself (an image that cannot be pulled) may last. Default 45 s, at most StartTimeout.
	Patience time.Duration
	// Grace is how long a runner that is told to stop may take. Default 10 min.
	Grace time.Duration
	// Deadline ends a Job whatever it does; 0 is none.
	Deadline time.Duration
	// Settings are handed to the runners; the folder is inside the pod.
	Settings runner.Settings
}

// Launcher starts runners as Jobs. Safe for concurrent use.
type Launcher struct{ o Options }

var _ runner.Minder = (*Launcher)(nil)

// folder is where a runner works, on a volume of its pod.
const folder = "/var/lib/slipway/runner"

// container is the name of the runner's container in a pod template.
const container = "runner"

// New returns a launcher.
func New(o Options) (*Launcher, error) {
	for _, d := range []struct {
		field    *time.Duration
		fallback time.Duration
	}{{&o.TTL, 10 * time.Minute}, {&o.StartTimeout, 5 * time.Minute}, {&o.Patience, 45 * time.Second}, {&o.Grace, 10 * time.Minute}} {
		if *d.field <= 0 {
			*d.field = d.fallback
		}
	}
	o.Patience = min(o.Patience, o.StartTimeout)
	o.Settings.Folder = folder
	l := &Launcher{o: o}
	_, err := l.job(runner.Job{OrgID: "org", RunID: "run-0"})
	return l, err
}

// name is the Job's; ids of runs are DNS labels already.
func name(j runner.Job) string { return "slipway-" + strings.ToLower(j.RunID) }

// Launch makes the Job of a run. One that is there already is left as it is.
func (l *Launcher) Launch(ctx context.Context, j runner.Job) (<-chan struct{}, error) {
	job, err := l.job(j)
	if err != nil {
		return nil, err
	}
	_, err = l.o.Client.BatchV1().Jobs(l.o.Namespace).Create(ctx, job, metav1.CreateOptions{})
	if err == nil || apierrors.IsAlreadyExists(err) {
		return nil, nil
	}
	if apierrors.IsNotFound(err) {
		return nil, kubejobs.Failure(apierrors.NewBadRequest("there is no such namespace"), "make a Job in namespace %s", l.o.Namespace)
	}
	return nil, kubejobs.Failure(err, "make Job %s/%s", l.o.Namespace, job.Name)
}

// Mind looks at the Job of a run that nobody has taken.
func (l *Launcher) Mind(ctx context.Context, j runner.Job, waited time.Duration) (string, error) {
	s, err := kubejobs.Look(ctx, l.o.Client, l.o.Namespace, name(j))
	late := ""
	if waited > l.o.StartTimeout {
		late = fmt.Sprintf("no runner has shown up within %s", l.o.StartTimeout)
	}
	if err != nil || s.Job == nil {
		return late, err
	}
	switch {
	case late != "":
		if s.Reason != "" {
			late += ": " + s.Reason
		}
		return late, nil
	case s.Ended && (s.Succeeded || s.Trouble == kubejobs.Moved):
		return "", kubejobs.Remove(ctx, l.o.Client, l.o.Namespace, name(j)) // the next Launch makes another
	case s.Ended:
		return s.Reason + "; see the log of its pod", nil
	case s.Trouble == kubejobs.Waiting && waited > l.o.Patience:
		return s.Reason, nil
	}
	return "", nil
}

// Why says how the runner's pod has ended.
func (l *Launcher) Why(ctx context.Context, j runner.Job) string {
	s, err := kubejobs.Look(ctx, l.o.Client, l.o.Namespace, name(j))
	if err != nil {
		return ""
	}
	if s.Job == nil {
		return "its Job was deleted"
	}
	return s.Reason
}

// End deletes a Job that has not ended; one that has stays for its log until its
// time is over. Whoever is asked to end has no run, so its pod gets seconds only:
// one that is frozen must not hold on to Terraform.
func (l *Launcher) End(ctx context.Context, j runner.Job) error {
	s, err := kubejobs.Look(ctx, l.o.Client, l.o.Namespace, name(j))
	if err != nil || s.Job == nil || s.Ended {
		return err
	}
	if err := kubejobs.Remove(ctx, l.o.Client, l.o.Namespace, name(j)); err != nil {
		return err
	}
	for _, p := range s.Pods {
		err := l.o.Client.CoreV1().Pods(p.Namespace).Delete(ctx, p.Name, metav1.DeleteOptions{GracePeriodSeconds: new(endGrace)})
		if err != nil && !apierrors.IsNotFound(err) {
			return kubejobs.Failure(err, "delete pod %s/%s", p.Namespace, p.Name)
		}
	}
	return nil
}

// endGrace is in seconds.
const endGrace = int64(5)

func (l *Launcher) job(j runner.Job) (*batchv1.Job, error) {
	template, err := l.pod(j)
	if err != nil {
		return nil, err
	}
	job := &batchv1.Job{
		ObjectMeta: metav1.ObjectMeta{Name: name(j), Namespace: l.o.Namespace, Labels: labels(j), Annotations: map[string]string{"slipway.dev/organization": j.OrgID}},
		Spec: batchv1.JobSpec{
			BackoffLimit: new(int32), TTLSecondsAfterFinished: new(int32(l.o.TTL.Seconds())),
			// A pod that is on its way out still runs Terraform: no second one beside it.
			PodReplacementPolicy: new(batchv1.Failed),
			Template:             template,
		},
	}
	if l.o.Deadline > 0 {
		job.Spec.ActiveDeadlineSeconds = new(int64(l.o.Deadline.Seconds()))
	}
	return job, nil
}

func labels(j runner.Job) map[string]string {
	return map[string]string{
		"app.kubernetes.io/name": "slipway-runner", "app.kubernetes.io/managed-by": "slipway", "slipway.dev/run": j.RunID,
	}
}

func (l *Launcher) pod(j runner.Job) (corev1.PodTemplateSpec, error) {
	told, err := runner.JobVariables(l.o.Settings, j)
	if err != nil {
		return corev1.PodTemplateSpec{}, err
	}
	ours := corev1.PodTemplateSpec{
		ObjectMeta: metav1.ObjectMeta{Labels: labels(j)},
		Spec: corev1.PodSpec{
			RestartPolicy: corev1.RestartPolicyNever, ServiceAccountName: l.o.ServiceAccount, EnableServiceLinks: new(bool),
			TerminationGracePeriodSeconds: new(int64(l.o.Grace.Seconds())),
			SecurityContext: &corev1.PodSecurityContext{
				RunAsNonRoot: new(true), FSGroup: new(int64(10001)), SeccompProfile: &corev1.SeccompProfile{Type: corev1.SeccompProfileTypeRuntimeDefault},
			},
			Volumes: []corev1.Volume{{Name: "work", VolumeSource: corev1.VolumeSource{EmptyDir: &corev1.EmptyDirVolumeSource{}}}},
			Containers: []corev1.Container{{
				Name: container, Image: l.o.Image, Command: []string{"slipway", "runner"}, WorkingDir: folder,
				Env: []corev1.EnvVar{
					{Name: runner.JobVariable, Value: told},
					l.secret(runner.DatabaseVariable, "database-url"), l.secret(runner.KeysetVariable, "keyset.json"),
					{Name: runner.HostVariable, ValueFrom: &corev1.EnvVarSource{FieldRef: &corev1.ObjectFieldSelector{FieldPath: "metadata.name"}}},
				},
				VolumeMounts:    []corev1.VolumeMount{{Name: "work", MountPath: folder}},
				SecurityContext: &corev1.SecurityContext{AllowPrivilegeEscalation: new(bool), Capabilities: &corev1.Capabilities{Drop: []corev1.Capability{"ALL"}}},
			}},
		},
	}
	if l.o.ServiceAccount == "" {
		ours.Spec.AutomountServiceAccountToken = new(bool)
	}
	merged, err := kubejobs.Merge(ours, l.o.Template)
	merged.Spec.RestartPolicy = corev1.RestartPolicyNever // a second start is Slipway's to decide
	return merged, err
}

func (l *Launcher) secret(variable, key string) corev1.EnvVar {
	return corev1.EnvVar{Name: variable, ValueFrom: &corev1.EnvVarSource{SecretKeyRef: &corev1.SecretKeySelector{
		LocalObjectReference: corev1.LocalObjectReference{Name: l.o.Secret}, Key: key,
	}}}
}
