package manifest

import (
	batchv1 "k8s.io/api/batch/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// cronJobs renders the profile humanitec/default-cronjob: one CronJob named <module>-<schedule> for each schedule, with
// the command and args that the schedule gives to containers.
func (r *renderer) cronJobs() {
	at := path("spec.schedules")
	schedules := r.ps.object(r.spec["schedules"], at)
	if len(schedules) == 0 {
		r.ps.add(at, "expected at least one schedule")
		r.podTemplate(nil) // for its problems
	}
	for _, id := range sortedKeys(schedules) {
		r.cronJob(id, r.ps.object(schedules[id], at.key(id)), at.key(id))
	}
}

func (r *renderer) cronJob(id string, given map[string]any, at path) {
	r.ps.known(given, at, "containers", "schedule")
	r.ps.dnsLabel(id, at)
	template := r.podTemplate(func(containers []placed) {
		r.overrideContainers(containers, r.ps.object(given["containers"], at.key("containers")), at.key("containers"))
	})
	template.Labels = with(template.Labels, LabelSchedule, id)
	schedule := r.ps.str(given["schedule"], at.key("schedule"))
	if err := checkCron(schedule); err != nil && !isSecret(given["schedule"]) {
		r.ps.add(at.key("schedule"), "%s", err)
	}
	var spec batchv1.CronJobSpec
	decode(r.controllerFields("spec.cronjob", "schedule", "jobTemplate"), &spec, r.ps)
	spec.Schedule = schedule
	spec.JobTemplate = batchv1.JobTemplateSpec{
		ObjectMeta: metav1.ObjectMeta{Labels: r.labels("spec.job"), Annotations: r.annotations("spec.job")},
		Spec:       r.jobSpec(template),
	}
	spec.JobTemplate.Labels = with(spec.JobTemplate.Labels, LabelSchedule, id)
	object := &batchv1.CronJob{
		TypeMeta:   metav1.TypeMeta{APIVersion: "batch/v1", Kind: "CronJob"},
		ObjectMeta: r.objectMeta(joinName(maxCronJobName, r.w.ID, id), "spec.cronjob"),
		Spec:       spec,
	}
	object.Labels = with(object.Labels, LabelSchedule, id)
	r.add(object)
}

func (r *renderer) overrideContainers(containers []placed, given map[string]any, at path) {
	ids := make([]string, len(containers))
	for i := range containers {
		c := &containers[i].container
		ids[i] = c.Name
		override, ok := given[c.Name]
		if !ok {
			continue
		}
		place := at.key(c.Name)
		fields := r.ps.object(override, place)
		r.ps.known(fields, place, "id", "args", "command")
		if command := r.ps.scalars(fields["command"], place.key("command")); command != nil {
			c.Command = command
		}
		if args := r.ps.scalars(fields["args"], place.key("args")); args != nil {
			c.Args = args
		}
	}
	r.ps.known(given, at, ids...)
}
