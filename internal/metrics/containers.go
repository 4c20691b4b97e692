package metrics

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// containerJobs has buckets from seconds to the longest that a Job may take.
func containerJobs() *prometheus.HistogramVec {
	return prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Name: "slipway_container_job_seconds", Help: "Work of the container drivers that ended, by action and outcome, with the time that it took in all.",
		Buckets: []float64{5, 15, 30, 60, 120, 300, 600, 1800, 3600, 14400, 86400},
	}, []string{"action", "outcome"})
}

// ContainerJob counts the work of a container driver that has ended: create or
// destroy, and succeeded, failed or interrupted.
func (m *Metrics) ContainerJob(action, outcome string, took time.Duration) {
	m.jobs.WithLabelValues(action, outcome).Observe(took.Seconds())
}
