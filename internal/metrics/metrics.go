// Package metrics counts what Slipway does, for Prometheus.
package metrics

import (
	"math"
	"net/http"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// Metrics owns a registry, so that several instances can live in one process.
type Metrics struct {
	Registry *prometheus.Registry
	counters map[string]*prometheus.CounterVec
	jobs     *prometheus.HistogramVec
}

// New registers the counters and the usual process metrics.
func New() *Metrics {
	m := &Metrics{Registry: prometheus.NewRegistry(), counters: map[string]*prometheus.CounterVec{
		"deployment":           counter("slipway_deployments_total", "Deployments that ended, by outcome.", "outcome"),
		"node":                 counter("slipway_nodes_total", "Resource nodes that were run, by driver and status.", "driver", "status"),
		"delivery":             counter("slipway_deliveries_total", "Deliveries to a target, by kind and status.", "kind", "status"),
		"resource":             counter("slipway_resource_deletions_total", "Resources that were retired, destroyed, or stuck while being destroyed, by driver and result.", "driver", "result"),
		"drift":                counter("slipway_drift_scans_total", "Scans for drift that ended, by status (clean, drifted, failed).", "status"),
		"pull-secret":          counter("slipway_pull_secret_renewals_total", "Tokens of registries in clusters that were about to end, by result (renewed, missing, forgotten, failed).", "result"),
		"operation":            counter("slipway_operations_total", "Operations on what runs (scale, pause, resume, restart) that ended, by kind and status.", "kind", "status"),
		"pipeline":             counter("slipway_pipeline_runs_total", "Runs of pipelines that ended, by status.", "status"),
		"automation":           counter("slipway_automation_total", "Rounds in which pushed images were applied to an environment, by outcome.", "outcome"),
		"lifetime":             counter("slipway_lifetimes_total", "Environments that ended by themselves, by reason.", "reason"),
		"spin-up":              counter("slipway_environment_requests_total", "Requests for environments that are over, by status.", "status"),
		"webhook":              counter("slipway_webhook_attempts_total", "Attempts to deliver webhooks, by result.", "result"),
		"teardown":             counter("slipway_teardowns_total", "Environments that were torn down, by status.", "status"),
		"gate":                 counter("slipway_gates_total", "Answers of policies and people to deployments, by state.", "state"),
		"plan":                 counter("slipway_plans_total", "Plans that drivers have made, when they were made and when they ended, by status (ready, failed, cancelled, expired).", "status"),
		"retention":            counter("slipway_retention_records_total", "Old records that were deleted, by kind.", "kind"),
		"retention-run":        counter("slipway_retention_runs_total", "Rounds in which old records were deleted or counted, by status.", "status"),
		"scheduled-deployment": counter("slipway_scheduled_deployments_total", "Scheduled deployments that were due, by what became of them.", "status"),
		"receiver":             counter("slipway_received_total", "Requests of GitHub and GitLab, by vendor and what became of them.", "vendor", "result"),
	}}
	m.jobs = containerJobs()
	m.Registry.MustRegister(m.jobs)
	m.Registry.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	for _, c := range m.counters {
		m.Registry.MustRegister(c)
	}
	return m
}

func counter(name, help string, labels ...string) *prometheus.CounterVec {
	return prometheus.NewCounterVec(prometheus.CounterOpts{Name: name, Help: help}, labels)
}

// Watch registers a gauge that is read when the metrics are; one that cannot be
// read shows NaN.
func (m *Metrics) Watch(name, help string, read func() (int, error)) {
	m.Registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help}, func() float64 {
		n, err := read()
		if err != nil {
			return math.NaN()
		}
		return float64(n)
	}))
}

// Observe counts one event; an event that nobody declared is dropped.
func (m *Metrics) Observe(event string, labels ...string) {
	c, ok := m.counters[event]
	if !ok {
		return
	}
	if counted, err := c.GetMetricWithLabelValues(labels...); err == nil {
		counted.Inc()
	}
}

// Handler serves the metrics.
func (m *Metrics) Handler() http.Handler {
	return promhttp.HandlerFor(m.Registry, promhttp.HandlerOpts{})
}
