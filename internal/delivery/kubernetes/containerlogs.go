package kubernetes

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/validation"

	"github.com/slipway-dev/slipway/engine/manifest"
	"github.com/slipway-dev/slipway/engine/redaction"
	"github.com/slipway-dev/slipway/orchestrator"
)

const (
	maxLogPods   = 50      // of an environment that are read
	maxLogBytes  = 1 << 20 // of one container
	logsAtOnce   = 8
	logTimeout   = 20 * time.Second
	filterTail   = 10_000   // lines of a container that are searched for a text
	maxLogRecord = 16 << 10 // bytes of a line that are shown
)

var _ orchestrator.ContainerLogs = (*Delivery)(nil)

// logStream is the log of one container.
type logStream struct {
	workload, pod, container string
	uid                      string // of the pod
	restarts                 int64
	ended                    bool // there is no run at the moment
}

// ReadLogs reads what the containers of an environment wrote. Of each container
// at most the wanted number of lines, and one megabyte, is read.
func (d *Delivery) ReadLogs(ctx context.Context, t orchestrator.Target, q orchestrator.ContainerLogQuery) ([]orchestrator.ContainerLogLine, error) {
	if len(validation.IsValidLabelValue(q.Workload)) > 0 {
		return nil, orchestrator.Invalidf("workload_id: this cannot be the id of a workload")
	}
	ctx, cancel := context.WithTimeout(ctx, logTimeout)
	defer cancel()
	redact := redaction.New(append(secretLines(q.Hidden), q.Hidden...)...)
	c, err := d.cluster(ctx, t)
	if err != nil {
		return nil, redacted(err, redact)
	}
	streams, err := c.logStreams(ctx, t, q)
	if err != nil {
		return nil, logError(c, err, redact)
	}
	found := make([][]orchestrator.ContainerLogLine, len(streams))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(logsAtOnce)
	for i, stream := range streams {
		group.Go(func() error {
			var err error
			found[i], err = c.readStream(ctx, t.Namespace, stream, q)
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return nil, logError(c, err, redact)
	}
	return pickLines(slices.Concat(found...), q), nil
}

// redacted keeps the code of an error and takes known secrets out of its words:
// clusters repeat what they were sent.
func redacted(err error, redact *redaction.Redactor) error {
	return orchestrator.Errorf(orchestrator.CodeOf(err), "%s", redact.String(err.Error()))
}

// logError says what a cluster that does not tell has to do with it.
func logError(c *cluster, err error, redact *redaction.Redactor) error {
	words := errors.New(redact.String(err.Error()))
	if apierrors.IsForbidden(err) || apierrors.IsUnauthorized(err) {
		return orchestrator.Invalidf("the cluster at %s does not let its credentials read pods and their logs; they need get and list on pods and get on pods/log: %v", c.url, words)
	}
	return orchestrator.Wrapf(orchestrator.CodeUnavailable, words, "the logs cannot be read from the cluster at %s right now", c.url)
}

// logStreams lists the containers of the environment that have begun, of the
// youngest pods first.
func (c *cluster) logStreams(ctx context.Context, t orchestrator.Target, q orchestrator.ContainerLogQuery) ([]logStream, error) {
	selector := labels.Set{manifest.LabelOrg: t.Env.OrgID, manifest.LabelApp: t.Env.AppID, manifest.LabelEnv: t.Env.EnvID}
	if q.Workload != "" {
		selector[manifest.LabelWorkload] = q.Workload
	}
	pods, err := c.dynamic.Resource(schema.GroupVersionResource{Version: "v1", Resource: "pods"}).Namespace(t.Namespace).
		List(ctx, metav1.ListOptions{LabelSelector: selector.String()})
	if apierrors.IsNotFound(err) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(pods.Items, func(a, b unstructured.Unstructured) int {
		return b.GetCreationTimestamp().Compare(a.GetCreationTimestamp().Time)
	})
	var out []logStream
	if q.Pod != "" {
		pods.Items = slices.DeleteFunc(pods.Items, func(u unstructured.Unstructured) bool { return u.GetName() != q.Pod })
	}
	for i := range pods.Items[:min(len(pods.Items), maxLogPods)] {
		pod := asPod(&pods.Items[i])
		for _, s := range slices.Concat(pod.Status.InitContainerStatuses, pod.Status.ContainerStatuses) {
			if s.Name == "" || q.Container != "" && s.Name != q.Container || !hasLog(&s, q.Previous) {
				continue
			}
			out = append(out, logStream{
				workload: pod.Labels[manifest.LabelWorkload], pod: pod.Name, container: s.Name,
				uid: string(pod.UID), restarts: int64(s.RestartCount), ended: s.State.Running == nil,
			})
		}
	}
	return out, nil
}

// hasLog tells whether a container has begun, or had a run before.
func hasLog(s *corev1.ContainerStatus, previous bool) bool {
	if previous {
		return s.RestartCount > 0 || s.LastTerminationState.Terminated != nil
	}
	return s.State.Waiting == nil
}

// readStream reads the lines of one container; none when it is gone meanwhile.
func (c *cluster) readStream(ctx context.Context, namespace string, s logStream, q orchestrator.ContainerLogQuery) ([]orchestrator.ContainerLogLine, error) {
	request := c.discovery.RESTClient().Get().AbsPath("/api/v1/namespaces", namespace, "pods", s.pod, "log").
		Param("container", s.container).Param("timestamps", "true").Param("limitBytes", fmt.Sprint(maxLogBytes))
	if !q.From.IsZero() {
		request.Param("sinceTime", q.From.UTC().Format(time.RFC3339))
	}
	if q.Previous {
		request.Param("previous", "true")
	}
	switch {
	case q.Contains != "":
		request.Param("tailLines", fmt.Sprint(filterTail))
	case !q.Ascending && q.To.IsZero():
		request.Param("tailLines", fmt.Sprint(q.Limit))
	}
	stream, err := request.Stream(ctx)
	if apierrors.IsNotFound(err) || apierrors.IsBadRequest(err) { // the container has not begun, or its log is gone
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer func() { _ = stream.Close() }()
	raw, err := io.ReadAll(io.LimitReader(stream, maxLogBytes))
	if err != nil {
		return nil, err
	}
	return parseLines(raw, s, q), nil
}

// parseLines reads lines that begin with their time. Secrets are looked for in
// the whole text, because some have several lines.
func parseLines(raw []byte, s logStream, q orchestrator.ContainerLogQuery) []orchestrator.ContainerLogLine {
	redact := redaction.New(append(secretLines(q.Hidden), q.Hidden...)...)
	var out []orchestrator.ContainerLogLine
	scanner := bufio.NewScanner(bytes.NewReader(raw))
	scanner.Buffer(nil, maxLogBytes+1)
	for scanner.Scan() {
		if line, is := parseLine(scanner.Text(), s, redact); is && admits(q, line) {
			out = append(out, line)
		}
	}
	return out
}

// parseLine reads a line that begins with its time and hides secrets in it.
func parseLine(raw string, s logStream, redact *redaction.Redactor) (orchestrator.ContainerLogLine, bool) {
	stamp, text, _ := strings.Cut(strings.ToValidUTF8(raw, "\ufffd"), " ")
	at, err := time.Parse(time.RFC3339Nano, stamp)
	if err != nil {
		return orchestrator.ContainerLogLine{}, false
	}
	text = redact.String(text)
	if len(text) > maxLogRecord {
		text = strings.ToValidUTF8(text[:maxLogRecord], "") + " (cut)"
	}
	return orchestrator.ContainerLogLine{
		Workload: s.workload, Container: s.container, Pod: s.pod, Level: levelOf(text), Text: text, At: at.UTC(),
	}, true
}

// admits tells whether a line is wanted. The text is compared without its secrets, so that nobody can guess them by asking.
func admits(q orchestrator.ContainerLogQuery, l orchestrator.ContainerLogLine) bool {
	return !l.At.Before(q.From) && (q.To.IsZero() || l.At.Before(q.To)) && (q.Contains == "" || strings.Contains(l.Text, q.Contains))
}

// pickLines orders lines of all containers and takes as many as are wanted.
func pickLines(lines []orchestrator.ContainerLogLine, q orchestrator.ContainerLogQuery) []orchestrator.ContainerLogLine {
	slices.SortStableFunc(lines, func(a, b orchestrator.ContainerLogLine) int {
		if q.Ascending {
			return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Workload, b.Workload))
		}
		return cmp.Or(b.At.Compare(a.At), cmp.Compare(a.Workload, b.Workload))
	})
	if lines == nil {
		lines = []orchestrator.ContainerLogLine{}
	}
	return lines[:min(len(lines), q.Limit)]
}

// levelOf reads the level that a line of JSON names itself.
func levelOf(text string) string {
	const unknown = "info"
	if !strings.HasPrefix(text, "{") {
		return unknown
	}
	var record struct {
		Level    any `json:"level"`
		Severity any `json:"severity"`
		Lvl      any `json:"lvl"`
	}
	if json.Unmarshal([]byte(text), &record) != nil {
		return unknown
	}
	for _, value := range []any{record.Level, record.Severity, record.Lvl} {
		if level, ok := value.(string); ok && level != "" && len(level) < 16 {
			return strings.ToLower(level)
		}
	}
	return unknown
}
