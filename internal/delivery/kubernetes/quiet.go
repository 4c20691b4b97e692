package kubernetes

import (
	"log/slog"

	"k8s.io/klog/v2"
)

// The client library writes some errors to the standard error of the process
// beside returning them, in the words of the API server, which may repeat a
// credential. What is returned is redacted and shown; the rest goes nowhere.
func init() { klog.SetSlogLogger(slog.New(slog.DiscardHandler)) }
