// Package opentofu pins OpenTofu, which go.mod names as a tool: internal/devenv builds it from here where neither terraform nor
// tofu is installed. There is no code of our own, so that vetting and testing this module costs nothing; OpenTofu (MPL-2.0) is a
// program of its own and is linked into nothing of ours.
package opentofu
