// Package containerjob runs the containers of the container driver as Kubernetes
// Jobs. It implements container.Runs.
//
// Everything about one attempt (a resource, an action, a deployment and its inputs)
// belongs to one Job with a name made from those, so an attempt that is repeated
// finds it. The Job is made suspended, then the objects that it owns, then it
// is let go: whatever dies in between leaves nothing that runs, and what the Job owns
// goes with it. Results come back through a Secret (package sidecar), never through logs.
package containerjob

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	batchv1 "k8s.io/api/batch/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"

	"github.com/slipway-dev/slipway/drivers"
	"github.com/slipway-dev/slipway/drivers/container"
	"github.com/slipway-dev/slipway/engine/redaction"
	"github.com/slipway-dev/slipway/internal/kubejobs"
	"github.com/slipway-dev/slipway/internal/sidecar"
	"github.com/slipway-dev/slipway/orchestrator"
)

// Options are the parts of Runs.
type Options struct {
	// Connect says how to reach the cluster of a spec, and refuses what must not run there (Clusters.Connect).
	Connect func(ctx context.Context, s container.Spec) (*rest.Config, error)
	// MAC makes the names of Jobs, so that nothing can be read from them.
	MAC func(purpose string, data []byte) []byte
	// Image has the program slipway.
	Image string
	// KnownHosts are those from which sources may be taken over ssh.
	KnownHosts string
	// TTL is how long an ended Job stays. Default 10 min.
	TTL time.Duration
	// Patience is how long what rarely passes by itself (an image that cannot be pulled) may last. Default 45 s.
	Patience time.Duration
	// StartTimeout is how long a pod may wait for a node. Default 5 min.
	StartTimeout time.Duration
	// Abandoned is the age at which a Job that nobody has let go is removed. Default 1 h; it takes seconds to let one go.
	Abandoned time.Duration
	// LocalSources allows sources that are paths of the machine; for tests.
	LocalSources bool
	// States and Keeper keep the states of Terraform code. Without them only code with a backend of its own runs.
	States StateStore
	Keeper Keeper
	// Observe counts a container that has ended, by action and outcome (succeeded, failed, interrupted), with the time that it took. May be nil.
	Observe func(action, outcome string, took time.Duration)
}

// Runs runs containers. Safe for concurrent use.
type Runs struct{ o Options }

var _ container.Runs = (*Runs)(nil)

// New returns Runs.
func New(o Options) *Runs {
	for _, d := range []struct {
		field    *time.Duration
		fallback time.Duration
	}{{&o.TTL, 10 * time.Minute}, {&o.Patience, 45 * time.Second}, {&o.StartTimeout, 5 * time.Minute}, {&o.Abandoned, time.Hour}} {
		if *d.field <= 0 {
			*d.field = d.fallback
		}
	}
	return &Runs{o: o}
}

const (
	// every is the pause between two looks at a Job.
	every = 500 * time.Millisecond
	// requestTimeout bounds one look, or the making of one Job.
	requestTimeout = time.Minute
	// stopWithin is how long a Job that is stopped is waited for.
	stopWithin = 10 * time.Minute
	// resourceLabel marks the Jobs of one resource.
	resourceLabel = "slipway.dev/resource"
	// stateAnnotation marks Jobs with a state that Slipway keeps.
	stateAnnotation = "slipway.dev/state"
	// nameLabel and its value mark all Jobs of this package.
	nameLabel        = "app.kubernetes.io/name"
	nameOfContainers = "slipway-container"
)

// Run does what container.Runs asks for.
func (r *Runs) Run(ctx context.Context, s container.Spec, say func(string)) (container.Outcome, error) {
	if r.o.Image == "" {
		return container.Outcome{}, &drivers.Error{Code: drivers.CodeNotAvailable, Permanent: true,
			Message: "the container drivers need an image with the program slipway; set --runner-image for the workers"}
	}
	config, err := r.o.Connect(ctx, s)
	if err != nil {
		return container.Outcome{}, told(err)
	}
	config = rest.CopyConfig(config)
	config.Timeout = 0 // logs are followed; every other request has a context of its own
	client, err := kubernetes.NewForConfig(config)
	if err != nil {
		return container.Outcome{}, drivers.Invalid("the cluster of the container cannot be reached: %v", err)
	}
	a, err := r.attempt(client, s, say)
	if err != nil {
		return container.Outcome{}, err
	}
	began := time.Now()
	out, err := a.run(ctx)
	r.observe(s, context.Cause(ctx), err, time.Since(began))
	return out, err
}

// observe counts what has ended; a worker that goes away has ended nothing.
func (r *Runs) observe(s container.Spec, cause, err error, took time.Duration) {
	if r.o.Observe == nil || errors.Is(cause, drivers.ErrDetach) {
		return
	}
	outcome := "succeeded"
	if known := (*drivers.Error)(nil); errors.As(err, &known) && known.Code == drivers.CodeInterrupted {
		outcome = "interrupted"
	} else if err != nil {
		outcome = "failed"
	}
	r.o.Observe(s.Action, outcome, took)
}

// attempt is the work on one Job.
type attempt struct {
	*Runs
	client   kubernetes.Interface
	spec     container.Spec
	say      func(string)
	redactor *redaction.Redactor
	name     string
	resource string // value of the label
	logs     *logs
	hold     *hold  // of the state of Terraform code that Slipway keeps; nil without one
	before   []byte // that state as it was when the Job was made
	made     bool   // the Job may be in the cluster
}

func (r *Runs) attempt(client kubernetes.Interface, s container.Spec, say func(string)) (*attempt, error) {
	raw, err := json.Marshal(s) //nolint:musttag // what is made a MAC of, and read by nobody
	if err != nil {
		return nil, drivers.Invalid("the inputs of the container cannot be written as JSON")
	}
	a := &attempt{Runs: r, client: client, spec: s, redactor: redaction.New(s.Secrets...)}
	a.say = func(line string) { say(a.redactor.String(line)) }
	a.name = "slipway-" + hex.EncodeToString(r.o.MAC("container job", raw))[:24]
	a.resource = hex.EncodeToString(r.o.MAC("container resource", []byte(s.OrgID+"/"+s.GUResID)))[:24]
	a.logs = &logs{attempt: a}
	return a, nil
}

func (a *attempt) run(ctx context.Context) (container.Outcome, error) {
	if err := a.own(ctx); err != nil {
		return container.Outcome{}, a.surroundings(ctx, err)
	}
	if err := a.others(ctx); err != nil {
		if err = a.surroundings(ctx, err); a.hold != nil && drivers.IsPermanent(err) {
			return container.Outcome{}, a.stop(ctx, err)
		}
		return container.Outcome{}, err
	}
	a.sweep(ctx)
	if err := a.ensure(ctx); err != nil {
		if err = a.surroundings(ctx, err); cancelled(ctx) || drivers.IsPermanent(err) {
			return container.Outcome{}, a.stop(ctx, err) // nobody will let it go
		}
		return container.Outcome{}, err
	}
	state, trouble, err := a.follow(ctx)
	if err != nil {
		if cancelled(ctx) {
			a.say("stopping Job " + a.name)
			return container.Outcome{}, a.stop(ctx, drivers.Interrupted("the container", ctx.Err()))
		}
		return container.Outcome{}, a.surroundings(ctx, err)
	}
	if trouble != "" {
		return container.Outcome{}, a.stop(ctx, &drivers.Error{Code: drivers.CodeFailed, Permanent: true,
			Message: a.redactor.String("the container does not start: " + trouble)})
	}
	out, err := a.result(ctx, state)
	if err == nil {
		err = out.Check(a.spec)
	}
	// What has succeeded stays, for the case that this process dies before it is written down; its results go with the Job.
	if err != nil || a.spec.Action == container.Destroy || a.spec.DeploymentID == "" {
		return out, a.stop(ctx, err)
	}
	if a.hold != nil {
		if err := a.release(ctx); err != nil {
			return container.Outcome{}, a.surroundings(ctx, err)
		}
	}
	a.dropInputs(ctx)
	return out, nil
}

// own makes the attempt the only one that works on a state that Slipway keeps, and reads it.
func (a *attempt) own(ctx context.Context) error {
	if !keepsState(a.spec) {
		return a.elsewhere(ctx)
	}
	if a.o.States == nil || a.o.Keeper == nil {
		return drivers.Invalid("this server keeps no states of Terraform code; set use_default_backend to false, with a backend in the code")
	}
	var err error
	if a.hold, err = a.take(ctx); err == nil {
		a.before, err = a.hold.load(ctx)
	}
	return err
}

// cancelled tells the end of the work from that of a worker, whose work another one goes on with.
func cancelled(ctx context.Context) bool {
	return ctx.Err() != nil && !errors.Is(context.Cause(ctx), drivers.ErrDetach)
}

// surroundings keeps a cluster that does not answer apart from what cannot succeed.
func (a *attempt) surroundings(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return drivers.Interrupted("the container", ctx.Err())
	}
	return told(err)
}

func told(err error) error {
	var known *drivers.Error
	if errors.As(err, &known) {
		return err
	}
	if orchestrator.CodeOf(err) == orchestrator.CodeInvalid {
		return &drivers.Error{Code: drivers.CodeFailed, Message: err.Error(), Permanent: true}
	}
	return &drivers.Error{Code: drivers.CodeFailed, Message: err.Error(), Err: err}
}

// others waits for the end of other work on the resource: of a worker that died, or of an attempt that is being stopped.
func (a *attempt) others(ctx context.Context) error {
	said := false
	for {
		limit, stop := context.WithTimeout(ctx, requestTimeout)
		list, err := a.client.BatchV1().Jobs(a.spec.Namespace).List(limit, metav1.ListOptions{LabelSelector: resourceLabel + "=" + a.resource})
		stop()
		if err != nil {
			return kubejobs.Failure(err, "list the Jobs of namespace %s", a.spec.Namespace)
		}
		busy := ""
		for i := range list.Items {
			job := &list.Items[i]
			switch {
			case job.Name == a.name && job.DeletionTimestamp == nil, job.Name != a.name && ended(job):
				continue
			case job.Spec.Suspend != nil && *job.Spec.Suspend && job.Name != a.name:
				if err := kubejobs.Remove(ctx, a.client, job.Namespace, job.Name); err != nil { // nothing of it ever ran, and nobody will let it go
					return err
				}
			}
			busy = job.Name
		}
		if busy == "" {
			return nil
		}
		if !said {
			a.say("waiting for the end of Job " + busy + ", which works on the same resource")
			said = true
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(every):
		}
	}
}

// sweep removes Jobs of the namespace that a worker has made and died before it let them go, and that nobody came back for. It is
// tidying: what cannot be done now is done another time. A Job that has a state was let go once, and is its resource's to settle.
func (a *attempt) sweep(ctx context.Context) {
	limit, stop := context.WithTimeout(ctx, requestTimeout)
	defer stop()
	list, err := a.client.BatchV1().Jobs(a.spec.Namespace).List(limit, metav1.ListOptions{LabelSelector: nameLabel + "=" + nameOfContainers})
	if err != nil {
		return
	}
	for i := range list.Items {
		job := &list.Items[i]
		waits := job.Spec.Suspend != nil && *job.Spec.Suspend && job.DeletionTimestamp == nil && job.Annotations[stateAnnotation] == ""
		if waits && job.Name != a.name && time.Since(job.CreationTimestamp.Time) > a.o.Abandoned {
			_ = kubejobs.Remove(limit, a.client, job.Namespace, job.Name)
		}
	}
}

func ended(job *batchv1.Job) bool {
	for _, c := range job.Status.Conditions {
		if (c.Type == batchv1.JobComplete || c.Type == batchv1.JobFailed) && c.Status == "True" {
			return true
		}
	}
	return false
}

// follow waits for the end of the Job. A text says why it will not start.
func (a *attempt) follow(ctx context.Context) (kubejobs.State, string, error) {
	began, errs, harvested := time.Now(), 0, time.Now()
	defer a.logs.stop()
	for {
		limit, stop := context.WithTimeout(ctx, requestTimeout)
		s, err := kubejobs.Look(limit, a.client, a.spec.Namespace, a.name)
		stop()
		switch waited := time.Since(began); {
		case ctx.Err() != nil:
			return s, "", ctx.Err()
		case err != nil:
			if errs++; errs > 20 || orchestrator.CodeOf(err) != orchestrator.CodeUnavailable {
				return s, "", err
			}
		case s.Job == nil:
			return s, "", &drivers.Error{Code: drivers.CodeFailed, Message: "Job " + a.name + " was deleted by somebody else before it ended"}
		case s.Ended:
			a.logs.finish(ctx, s.Pods)
			return s, "", nil
		case s.Trouble == kubejobs.Waiting && waited > a.o.Patience, s.Trouble == kubejobs.Unplaced && waited > a.o.StartTimeout:
			return s, s.Reason, nil
		default:
			errs = 0
			a.logs.follow(ctx, s.Pods)
			if a.hold != nil && time.Since(harvested) > harvestEvery {
				_ = a.harvest(ctx) // tried again, and insisted on at the end
				harvested = time.Now()
			}
		}
		select {
		case <-ctx.Done():
		case <-time.After(every):
		}
	}
}

// result reads what was delivered.
func (a *attempt) result(ctx context.Context, s kubejobs.State) (container.Outcome, error) {
	ctx, stop := context.WithTimeout(ctx, requestTimeout)
	defer stop()
	var out container.Outcome
	secret, err := a.client.CoreV1().Secrets(a.spec.Namespace).Get(ctx, a.name+"-out", metav1.GetOptions{})
	if err != nil && !apierrors.IsNotFound(err) {
		return out, told(kubejobs.Failure(err, "read the results of Job %s", a.name))
	}
	var data map[string][]byte
	if err == nil {
		data = secret.Data
	}
	if cookie, ok := data[sidecar.KeyCookie]; ok {
		out.Cookie = new(string(cookie))
	}
	text := strings.TrimSpace(a.redactor.String(strings.ToValidUTF8(string(data[sidecar.KeyError]), "?")))
	if !s.Succeeded {
		message := fmt.Sprintf("Job %s failed: %s", a.name, s.Reason)
		if text != "" {
			message += ": " + text
		}
		return out, &drivers.Error{Code: drivers.CodeFailed, Message: a.redactor.String(message), Permanent: s.Trouble != kubejobs.Moved}
	}
	if len(data[sidecar.KeyDelivered]) == 0 || text != "" && len(data) == 2 {
		if text == "" {
			text = "nothing was delivered; see the log of the container " + deliverContainer
		}
		return out, &drivers.Error{Code: drivers.CodeFailed, Message: fmt.Sprintf("Job %s ended well, but its results are not here: %s", a.name, text), Permanent: text != ""}
	}
	out.Outputs, out.SecretOutputs, out.Manifests = data[sidecar.KeyOutputs], data[sidecar.KeySecretOutputs], data[sidecar.KeyManifests]
	return out, nil
}

// stop removes the Job and everything that it owns, and returns cause. A state that Slipway keeps is taken out of it before: where
// that cannot be done the Job stays as it is, and the error says so.
func (a *attempt) stop(ctx context.Context, cause error) error {
	ctx, stop := context.WithTimeout(context.WithoutCancel(ctx), stopWithin+terraformGrace*time.Second)
	defer stop()
	if a.hold != nil {
		err := a.put(ctx, cause)
		if err == nil {
			return cause
		}
		return &drivers.Error{Code: drivers.CodeFailed, Err: err, Message: a.redactor.String(fmt.Sprintf(
			"the state of Job %s in namespace %s is not in Slipway's hands yet (%v); it is with the Job until the next try", a.name, a.spec.Namespace, err))}
	}
	if err := kubejobs.RemoveAndWait(ctx, a.client, a.spec.Namespace, a.name); err != nil && cause == nil {
		return told(err)
	}
	return cause
}

// dropInputs removes the secrets that nobody needs any more; the results stay as long as the Job. What cannot be removed goes with it.
func (a *attempt) dropInputs(ctx context.Context) {
	ctx, stop := context.WithTimeout(context.WithoutCancel(ctx), requestTimeout)
	defer stop()
	for _, suffix := range []string{"-in", "-env", "-token", "-state"} {
		_ = a.client.CoreV1().Secrets(a.spec.Namespace).Delete(ctx, a.name+suffix, metav1.DeleteOptions{})
	}
}
