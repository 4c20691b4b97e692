package kubernetes

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"regexp"
	"strings"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/slipway-dev/slipway/orchestrator"
)

// refusal is an object that could not be applied or deleted.
type refusal struct {
	object string
	from   string // what brought the object; empty when unknown
	of     *object
	err    error
}

// refused names the object that an error is about.
func refused(o *object, err error) *refusal {
	return &refusal{object: o.String(), from: o.from, of: o, err: err}
}

func (r *refusal) Unwrap() error { return r.err }

// Error names the object, what was wrong with it and what to do.
func (r *refusal) Error() string {
	name := r.object
	if r.from != "" {
		name += " (of " + r.from + ")"
	}
	return name + ": " + r.reason()
}

func (r *refusal) reason() string {
	var status apierrors.APIStatus
	_ = errors.As(r.err, &status)
	switch {
	case apierrors.IsConflict(r.err) && status != nil:
		return conflict(status.Status())
	case meta.IsNoMatchError(r.err):
		return "the cluster does not know this kind: install what brings it, or correct apiVersion and kind"
	case apierrors.IsForbidden(r.err) && strings.Contains(r.err.Error(), "exceeded quota"):
		return r.err.Error()
	case apierrors.HasStatusCause(r.err, "NamespaceTerminating"):
		return "its namespace is being deleted and accepts nothing until that is done"
	case apierrors.IsForbidden(r.err) && missing.MatchString(r.err.Error()):
		return r.err.Error() + "; " + grant(r.err.Error())
	case apierrors.IsNotFound(r.err) && status != nil && status.Status().Details != nil && status.Status().Details.Kind == "namespaces":
		return fmt.Sprintf("its namespace %q does not exist, and the credentials do not let Slipway make it: make it, or let them get and create namespaces",
			status.Status().Details.Name)
	}
	if text, yes := immutableReason(r.err, r.of); yes {
		return text
	}
	return r.err.Error()
}

// missing reads what RBAC says of a right that is not there.
var missing = regexp.MustCompile(`User "([^"]*)" cannot (\S+) resource "([^"]*)" in API group "([^"]*)"(?: in the namespace "([^"]*)")?`)

// grant says which right to give to whom, as a rule of a Role.
func grant(message string) string {
	m := missing.FindStringSubmatch(message)
	if m == nil {
		return "give the credentials of the k8s-cluster definition this right"
	}
	where := "a ClusterRole"
	if m[5] != "" {
		where = fmt.Sprintf("a Role in namespace %q", m[5])
	}
	return fmt.Sprintf("bind %q, the credentials of the k8s-cluster definition, to %s with the rule {apiGroups: [%q], resources: [%q], verbs: [%q]}",
		m[1], where, m[4], m[3], m[2])
}

// conflict names who holds which field.
func conflict(status metav1.Status) string {
	if status.Details == nil || len(status.Details.Causes) == 0 {
		return status.Message
	}
	var held []string
	for _, cause := range status.Details.Causes {
		if cause.Type == metav1.CauseTypeFieldManagerConflict {
			held = append(held, fmt.Sprintf("%s is held by %s", cause.Field, manager(cause.Message)))
		}
	}
	if len(held) == 0 {
		return status.Message
	}
	return strings.Join(held, ", ") + `; take the field out of what is deployed, have the other manager give it up, or annotate the object with ` +
		AnnotationConflicts + `: overwrite`
}

// manager reads the name out of `conflict with "kubectl-edit" using apps/v1`.
func manager(message string) string {
	_, rest, found := strings.Cut(message, `"`)
	name, _, closed := strings.Cut(rest, `"`)
	if !found || !closed {
		return message
	}
	return `field manager "` + name + `"`
}

// explain sorts an error: what repeating may cure is CodeUnavailable, what lacks a right CodeForbidden, the rest CodeInvalid.
// Secrets are taken out of its text. Each object that was refused is a deployment error of its own.
func (b *batch) explain(err error) error {
	if err == nil || errors.Is(err, context.Canceled) {
		return err
	}
	text := b.redact.String(err.Error())
	var known *orchestrator.Error
	if errors.As(err, &known) {
		return orchestrator.WithDeploymentErrors(orchestrator.Errorf(known.Code, "%s", text), orchestrator.DeploymentErrorsOf(known))
	}
	var causes []orchestrator.DeploymentError
	for _, one := range flatten(err) {
		var r *refusal
		if errors.As(one, &r) {
			causes = append(causes, b.deploymentError(r.from, r.Error(), problemCode(r.err)))
		}
	}
	if len(causes) == 0 {
		text += b.redact.String(certificateHint(err))
		causes = append(causes, b.deploymentError("", text, "DEP-CLUSTER"))
	}
	return orchestrator.WithDeploymentErrors(orchestrator.Errorf(b.code(err), "cluster %s: %s", b.url, text), causes)
}

// certificateHint says what to do about an API server that cannot prove who it is.
func certificateHint(err error) string {
	var untrusted *tls.CertificateVerificationError
	if !errors.As(err, &untrusted) {
		return ""
	}
	var invalid x509.CertificateInvalidError
	if errors.As(err, &invalid) && invalid.Reason == x509.Expired {
		return "; renew the certificate of the API server"
	}
	return "; give the authority that has signed it as cluster_data.certificate-authority-data in the k8s-cluster definition"
}

// deploymentError is what people see of one object.
func (b *batch) deploymentError(from, text, code string) orchestrator.DeploymentError {
	text = b.redact.String(text)
	scope, id := orchestrator.ScopeOfOrigin(from)
	summary, _, _ := strings.Cut(text, "\n")
	message, try, advised := strings.Cut(text, "\ntry: ")
	message += " (cluster " + b.url + ")"
	if advised {
		if scope == "workload" {
			try = strings.ReplaceAll(try, "WORKLOAD", id)
		}
		message += "\ntry: " + try
	}
	return orchestrator.DeploymentError{Scope: scope, Code: code, ErrorType: "k8s", ObjectID: id, Summary: summary, Message: message}
}

// problemCode classifies why an object was refused (docs/operations/troubleshooting.md).
func problemCode(err error) string {
	var foreign *foreignError
	_, fixed := immutable(err)
	switch {
	case errors.As(err, &foreign):
		return "DEP-ADOPT"
	case apierrors.IsConflict(err):
		return "DEP-CONFLICT"
	case fixed:
		return "DEP-IMMUTABLE"
	case meta.IsNoMatchError(err):
		return "DEP-KIND"
	case apierrors.HasStatusCause(err, "NamespaceTerminating"):
		return "DEP-NAMESPACE"
	case apierrors.IsForbidden(err) && strings.Contains(err.Error(), "exceeded quota"):
		return "DEP-QUOTA"
	case apierrors.IsUnauthorized(err), apierrors.IsForbidden(err):
		return "DEP-RIGHTS"
	case unreachable(err):
		return "DEP-CLUSTER"
	}
	return "DEP-OBJECT"
}

func (b *batch) code(err error) orchestrator.Code {
	code := orchestrator.CodeUnavailable
	for _, one := range flatten(err) {
		switch {
		case unreachable(one) || errors.Is(one, errTimeout) || apierrors.HasStatusCause(one, "NamespaceTerminating"):
			continue
		case apierrors.IsUnauthorized(one), apierrors.IsForbidden(one) && !strings.Contains(one.Error(), "exceeded quota"):
			code = orchestrator.CodeForbidden
		default:
			return orchestrator.CodeInvalid
		}
	}
	return code
}

// flatten lists the errors that were joined.
func flatten(err error) []error {
	var joined interface{ Unwrap() []error }
	if !errors.As(err, &joined) {
		return []error{err}
	}
	var out []error
	for _, one := range joined.Unwrap() {
		out = append(out, flatten(one)...)
	}
	return out
}
