// Package manifest turns one resolved Workload into the Kubernetes objects that run it, natively: the profiles
// humanitec/default-module (a Deployment), humanitec/default-job (a Job), humanitec/default-cronjob (one CronJob per
// schedule), humanitec/default-statefulset and humanitec/default-daemonset, each with the Service, ConfigMaps and Secrets
// it needs. It also accepts the manifests that resources
// bring along: objects of their own, and containers and volumes for the pods of a workload.
//
// What is produced is decoded into the types of k8s.io/api on the way, so a spelling or type that an API server would
// refuse is reported here, with the path of the field in the module's spec and what was expected there. All problems of
// a module are reported at once.
//
// The package never reads a clock, a file, a network or a random source: the same input gives the same bytes. It never
// expands a placeholder (package placeholder does), and never lets a secret leave the places where secrets are legal:
// variables and files of containers, variables of the module, and data of Secret objects. A secret anywhere else is an
// error that names the path and not the value.
package manifest
