// Package git delivers an Environment to a Git repository that Argo CD or Flux follows: it writes the rendered objects
// of a Deployment as files, with a kustomization.yaml that lists them, and makes exactly one commit per Deployment.
//
// # Layout
//
//	<path>/kustomization.yaml             lists every file below; Flux, Argo CD and kubectl apply -k read it
//	<path>/.slipway.yaml                  inventory: which Environment, which files, their digests
//	<path>/<namespace>/<kind>-<name>.yaml one object; objects without a namespace are in "cluster"
//
// Only files of the inventory are ever replaced or removed. A file that somebody else put there is kept, and one that is
// in the way of a new file is an error that names it.
//
// # Commits
//
// A commit carries the trailers Slipway-Deployment, Slipway-Set, Slipway-Environment and Slipway-Path. A Deployment
// that changes no file still gets its (empty) commit, so that the history tells which Deployment is live. Deliver
// looks for its own commit among the newest 300 of the branch first: repeated after a crash it finds it and makes no other.
// A branch is advanced by compare-and-swap on the remote; when somebody else was faster, the commit is built anew on
// top of theirs. The history stays linear, and nothing is ever forced.
//
// # Secrets
//
// An object of kind Secret is written only encrypted (SOPS with age, decrypted in the cluster by Flux's
// kustomize-controller or a plugin of Argo CD) or the delivery is refused. Before a commit every file is read back and
// searched for the values of all Secrets; a value that shows up in the open stops the delivery. No error carries a
// credential or a secret value.
//
// # Repositories
//
// A path or file:// URL must be a bare repository on this machine and is written directly, without a git program; its
// hooks do not run. The lock of a branch that a killed delivery left is taken away after two seconds; that of a git program
// is not, as only a person can tell whether it is alive. For https:// and ssh:// a bare cache with bounded history is kept
// below Target.CacheDir, guarded by a lock file; it can be removed at any time.
package git
