package manifest

import (
	"fmt"
	"strings"

	"k8s.io/apimachinery/pkg/util/validation"
)

// Keys of a spec beside those of features: the old top-level forms of fields of the pod and of the Deployment
// (semantics 3.2).
var (
	oldPodKeys = []string{
		"affinity", "automountServiceAccountToken", "hostAliases", "hostIPC", "hostNetwork", "hostPID", "hostname",
		"imagePullSecrets", "nodeName", "nodeSelector", "preemptionPolicy", "priority", "priorityClassName", "readinessGates",
		"overhead", "restartPolicy", "runtimeClassName", "schedulerName", "securityContext", "serviceAccountName",
		"setHostnameAsFQDN", "shareProcessNamespace", "subdomain", "terminationGracePeriodSeconds", "tolerations",
		"topologySpreadConstraints",
	}
	oldDeploymentKeys = []string{"minReadySeconds", "progressDeadlineSeconds", "replicas", "strategy"}
	featureKeys       = []string{
		"annotations", "containers", "cronjob", "daemonset", "deployment", "extraContainers", "extraObjects", "extraVolumes", "ingress",
		"job", "labels", "pod", "schedules", "service", "statefulset", "variables", "volumes",
	}
)

// renderer renders one workload. It collects problems instead of stopping at the first.
type renderer struct {
	w       Workload
	spec    map[string]any
	ps      *problems
	store   *store
	volumes volumes
	objects []Object
}

// Render gives the objects that run a workload, in the order in which to apply them. The error is an *Error with all
// problems of the module; it is returned without objects.
func Render(w Workload) ([]Object, error) {
	subject := fmt.Sprintf("workload %q", w.ID)
	ps := &problems{}
	spec, _ := plain(w.Spec, "spec", 0, ps).(map[string]any)
	if len(ps.found) > 0 {
		return nil, ps.err(subject)
	}
	r := &renderer{w: w, spec: spec, ps: ps, store: newStore(w.ID)}
	render, ok := renderers[profileOrDefault(w.Profile)]
	if !ok {
		ps.add("profile", "no profile %q; known here: %s", w.Profile, strings.Join(sortedKeys(renderers), ", "))
		return nil, ps.err(subject)
	}
	r.check()
	render(r)
	r.extraObjects()
	for _, object := range r.store.objects(r) {
		r.add(object)
	}
	r.checkUnique()
	if err := ps.err(subject); err != nil {
		return nil, err
	}
	Sort(r.objects)
	return r.objects, nil
}

var renderers = map[string]func(*renderer){
	ProfileModule:  (*renderer).deployment,
	ProfileJob:     (*renderer).job,
	ProfileCronJob: (*renderer).cronJobs,

	ProfileDaemonSet:   (*renderer).daemonSet,
	ProfileStatefulSet: (*renderer).statefulSet,
}

func profileOrDefault(profile string) string {
	if profile == "" {
		return ProfileModule
	}
	return profile
}

// check reports what is wrong with the workload as a whole, whatever its profile.
func (r *renderer) check() {
	r.ps.dnsLabel(r.w.ID, "id")
	r.ps.dnsLabel(r.w.Namespace, "namespace")
	for _, label := range []struct{ at, value string }{{"org", r.w.OrgID}, {"app", r.w.AppID}, {"env", r.w.EnvID}} {
		if len(validation.IsValidLabelValue(label.value)) > 0 {
			r.ps.add(path(label.at), "%q cannot be the value of a label", label.value)
		}
	}
	known := append(append(append([]string{}, featureKeys...), oldPodKeys...), oldDeploymentKeys...)
	r.ps.known(r.spec, "spec", known...)
	checkPlacement(r.spec, r.ps)
	containers := r.spec["containers"]
	if _, ok := containers.(map[string]any); len(r.ps.object(containers, "spec.containers")) == 0 && (ok || containers == nil) {
		r.ps.add("spec.containers", "expected at least one container")
	}
	if profileOrDefault(r.w.Profile) != ProfileCronJob && len(r.ps.object(r.spec["schedules"], "spec.schedules")) > 0 {
		r.ps.add("spec.schedules", "schedules need the profile %s", ProfileCronJob)
	}
}

// add keeps an object and returns its tree; typed ones are written as trees.
func (r *renderer) add(object any) map[string]any {
	tree, ok := object.(map[string]any)
	if !ok {
		var err error
		tree, err = toTree(object)
		if err != nil {
			r.ps.add("", "%s", err)
			return nil
		}
	}
	r.objects = append(r.objects, Object{Tree: tree, From: r.from()})
	return tree
}

func (r *renderer) from() string { return "modules." + r.w.ID }

// extraObjects renders the objects that a spec lists beside its workload. They follow the rules of a resource's
// manifests with location namespace.
func (r *renderer) extraObjects() {
	at := path("spec.extraObjects")
	for i, item := range r.ps.list(r.spec["extraObjects"], at) {
		tree := r.ps.object(item, at.index(i))
		if tree == nil {
			r.ps.add(at.index(i), "expected object, got %s", kindOf(item))
			continue
		}
		checkObjectSecrets(tree, at.index(i), r.ps)
		object := placeObject(tree, locationNamespace, r.w.Namespace, at.index(i), r.ps)
		r.objects = append(r.objects, Object{Tree: object, From: r.from()})
	}
}

func (r *renderer) checkUnique() {
	seen := map[string]bool{}
	for _, object := range r.objects {
		ref := object.Ref()
		if seen[ref] {
			r.ps.add("spec.extraObjects", "%s %q exists twice in this workload", object.Kind(), object.Name())
		}
		seen[ref] = true
	}
}
