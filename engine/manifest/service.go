package manifest

import (
	"fmt"
	"strings"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
	"k8s.io/apimachinery/pkg/util/validation"
)

// service renders a Service of type ClusterIP, named like the module, when spec.service.ports is not empty, and gives its
// ports.
func (r *renderer) service() []corev1.ServicePort {
	at := path("spec.service")
	given := r.section(at)
	r.ps.known(given, at, "annotations", "labels", "ports")
	ports := r.servicePorts(given, at.key("ports"))
	if len(ports) == 0 {
		return nil
	}
	if len(validation.IsDNS1035Label(r.w.ID)) > 0 {
		r.ps.add("id", "%q cannot be the name of a Service: it has to begin with a letter", r.w.ID)
	}
	tree := r.add(&corev1.Service{
		TypeMeta:   metav1.TypeMeta{APIVersion: "v1", Kind: "Service"},
		ObjectMeta: r.objectMeta(r.w.ID, at),
		Spec:       corev1.ServiceSpec{Type: corev1.ServiceTypeClusterIP, Selector: r.selectorLabels(), Ports: ports},
	})
	dropTargetZero(tree)
	return ports
}

// dropTargetZero removes the zero that stands for an absent target port, which the type always writes.
func dropTargetZero(service map[string]any) {
	spec, _ := service["spec"].(map[string]any)
	ports, _ := spec["ports"].([]any)
	for _, port := range ports {
		if port, ok := port.(map[string]any); ok && port["targetPort"] == 0.0 {
			delete(port, "targetPort")
		}
	}
}

func (r *renderer) servicePorts(service map[string]any, at path) []corev1.ServicePort {
	given := r.ps.object(service["ports"], at)
	taken, names := map[string]string{}, map[string]bool{}
	var out []corev1.ServicePort
	for _, key := range sortedKeys(given) {
		place := at.key(key)
		port := r.servicePort(key, r.ps.object(given[key], place), place)
		number := fmt.Sprintf("%s %d", port.Protocol, port.Port)
		if other, ok := taken[number]; ok && port.Port != 0 {
			r.ps.add(place, "%s is the port %s already", number, other)
		}
		if names[port.Name] {
			r.ps.add(place.key("name"), "another port is named %q already", port.Name)
		}
		taken[number], names[port.Name] = key, true
		out = append(out, port)
	}
	return out
}

func (r *renderer) servicePort(key string, given map[string]any, at path) corev1.ServicePort {
	r.ps.known(given, at, "container_port", "name", "protocol", "service_port")
	out := corev1.ServicePort{Name: joinName(maxLabel, "port", strings.ToLower(key)), Protocol: r.protocol(given["protocol"], at.key("protocol"))}
	nameAt := at
	if name := r.ps.str(given["name"], at.key("name")); name != "" {
		out.Name, nameAt = name, at.key("name")
	}
	r.ps.dnsLabel(out.Name, nameAt)
	port := r.port(given["service_port"], at.key("service_port"))
	if port.Type == intstr.String {
		r.ps.add(at.key("service_port"), "expected the number of a port, got %q", port.StrVal)
	}
	out.Port = port.IntVal
	if given["container_port"] != nil {
		out.TargetPort = r.port(given["container_port"], at.key("container_port"))
	}
	return out
}

func (r *renderer) protocol(v any, at path) corev1.Protocol {
	switch written := strings.ToUpper(r.ps.str(v, at)); written {
	case "":
		return corev1.ProtocolTCP
	case "TCP", "UDP", "SCTP":
		return corev1.Protocol(written)
	}
	r.ps.add(at, "expected TCP or UDP")
	return corev1.ProtocolTCP
}
