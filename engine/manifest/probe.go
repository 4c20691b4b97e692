package manifest

import (
	"reflect"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
	"k8s.io/apimachinery/pkg/util/validation"
)

// Fields that each type of probe or lifecycle hook has.
var handlerKeys = map[string][]string{
	"http":    {"path", "port", "scheme", "host", "headers"},
	"tcp":     {"port", "host"},
	"grpc":    {"port", "service"},
	"command": {"command"},
}

var (
	timingKeys = []string{
		"initialDelaySeconds", "periodSeconds", "timeoutSeconds", "successThreshold", "failureThreshold",
		"terminationGracePeriodSeconds",
	}
	nativeHandlers = []string{"exec", "grpc", "httpGet", "sleep", "tcpSocket"}
)

// probe reads a probe of type http, tcp, grpc or command; nil when absent.
func (r *renderer) probe(v any, at path) *corev1.Probe {
	given := r.ps.object(v, at)
	if len(given) == 0 {
		return nil
	}
	out := &corev1.Probe{}
	if isNative(given) {
		decodeValue(given, at, out, r.ps)
		return out
	}
	var timing []field
	for _, key := range timingKeys {
		if value, ok := given[key]; ok {
			timing = append(timing, field{parent: at, key: key, value: value})
		}
	}
	decode(timing, out, r.ps)
	kind := r.handlerType(given, at, "http", "tcp", "grpc", "command")
	r.ps.known(given, at, slices.Concat([]string{"type"}, handlerKeys[kind], timingKeys)...)
	switch kind {
	case "http":
		out.HTTPGet = r.httpGet(given, at)
	case "tcp":
		out.TCPSocket = &corev1.TCPSocketAction{Port: r.port(given["port"], at.key("port")), Host: r.ps.str(given["host"], at.key("host"))}
	case "grpc":
		out.GRPC = r.grpc(given, at)
	case "command":
		out.Exec = r.exec(given, at)
	}
	return out
}

// isNative tells a probe or hook that is written in Kubernetes' own form.
func isNative(given map[string]any) bool {
	if given["type"] != nil {
		return false
	}
	return slices.ContainsFunc(nativeHandlers, func(key string) bool { return given[key] != nil })
}

// handlerType reads the type; one that is absent follows from path or command. "" means that it was reported.
func (r *renderer) handlerType(given map[string]any, at path, allowed ...string) string {
	kind := strings.ToLower(r.ps.str(given["type"], at.key("type")))
	switch {
	case kind == "" && given["path"] != nil:
		return "http"
	case kind == "" && given["command"] != nil:
		return "command"
	case !slices.Contains(allowed, kind):
		r.ps.add(at.key("type"), "expected one of %s", strings.Join(allowed, ", "))
		return ""
	}
	return kind
}

// lifecycle reads the hooks postStart and preStop, in the form of probes or in Kubernetes' own.
func (r *renderer) lifecycle(v any, at path) *corev1.Lifecycle {
	given := r.ps.object(v, at)
	if len(given) == 0 {
		return nil
	}
	r.ps.known(given, at, "postStart", "preStop", "stopSignal")
	out := &corev1.Lifecycle{
		PostStart: r.hook(given["postStart"], at.key("postStart")),
		PreStop:   r.hook(given["preStop"], at.key("preStop")),
	}
	if signal := r.ps.str(given["stopSignal"], at.key("stopSignal")); signal != "" {
		out.StopSignal = (*corev1.Signal)(&signal)
	}
	return out
}

func (r *renderer) hook(v any, at path) *corev1.LifecycleHandler {
	given := r.ps.object(v, at)
	if len(given) == 0 {
		return nil
	}
	out := &corev1.LifecycleHandler{}
	if isNative(given) {
		decodeValue(given, at, out, r.ps)
		return out
	}
	kind := r.handlerType(given, at, "http", "tcp", "command")
	r.ps.known(given, at, slices.Concat([]string{"type"}, handlerKeys[kind])...)
	switch kind {
	case "http":
		out.HTTPGet = r.httpGet(given, at)
	case "tcp":
		out.TCPSocket = &corev1.TCPSocketAction{Port: r.port(given["port"], at.key("port")), Host: r.ps.str(given["host"], at.key("host"))}
	case "command":
		out.Exec = r.exec(given, at)
	}
	return out
}

func (r *renderer) httpGet(given map[string]any, at path) *corev1.HTTPGetAction {
	scheme := strings.ToUpper(r.ps.str(given["scheme"], at.key("scheme")))
	if scheme != "" && scheme != "HTTP" && scheme != "HTTPS" {
		r.ps.add(at.key("scheme"), "expected HTTP or HTTPS, got %q", scheme)
	}
	return &corev1.HTTPGetAction{
		Path:        r.ps.str(given["path"], at.key("path")),
		Port:        r.port(given["port"], at.key("port")),
		Host:        r.ps.str(given["host"], at.key("host")),
		Scheme:      corev1.URIScheme(scheme),
		HTTPHeaders: r.headers(given["headers"], at.key("headers")),
	}
}

// headers reads a map of name to value, or Kubernetes' list of names and values.
func (r *renderer) headers(v any, at path) []corev1.HTTPHeader {
	if _, ok := v.([]any); ok {
		return decodeList[corev1.HTTPHeader](v, at, r.ps)
	}
	given := r.ps.object(v, at)
	var out []corev1.HTTPHeader
	for _, name := range sortedKeys(given) {
		if len(validation.IsHTTPHeaderName(name)) > 0 {
			r.ps.add(at.key(name), "not a valid name of a header")
		}
		out = append(out, corev1.HTTPHeader{Name: name, Value: r.ps.scalar(given[name], at.key(name))})
	}
	return out
}

func (r *renderer) grpc(given map[string]any, at path) *corev1.GRPCAction {
	port := r.port(given["port"], at.key("port"))
	if port.Type == intstr.String {
		r.ps.add(at.key("port"), "expected the number of a port, got %q", port.StrVal)
	}
	out := &corev1.GRPCAction{Port: port.IntVal}
	if service := r.ps.str(given["service"], at.key("service")); service != "" {
		out.Service = &service
	}
	return out
}

func (r *renderer) exec(given map[string]any, at path) *corev1.ExecAction {
	command := r.ps.scalars(given["command"], at.key("command"))
	if len(command) == 0 {
		r.ps.add(at.key("command"), "expected at least one word")
	}
	return &corev1.ExecAction{Command: command}
}

// port reads a number (also as text) or the name of a port.
func (r *renderer) port(v any, at path) intstr.IntOrString {
	if v == nil {
		r.ps.add(at, "expected a port")
		return intstr.IntOrString{}
	}
	if isSecret(v) {
		return intstr.IntOrString{}
	}
	fixed := conform(v, reflect.TypeFor[intstr.IntOrString](), at, r.ps)
	switch fixed := fixed.(type) {
	case int64:
		if fixed < 1 || fixed > 65535 {
			r.ps.add(at, "expected a port from 1 to 65535, got %d", fixed)
			return intstr.IntOrString{}
		}
		return intstr.FromInt32(int32(fixed))
	case string:
		if len(validation.IsValidPortName(fixed)) > 0 {
			r.ps.add(at, "%q is neither a port number nor the name of a port", fixed)
		}
		return intstr.FromString(fixed)
	}
	return intstr.IntOrString{}
}
