// Package resource holds what the engine knows about single resources: their identity, their types and definitions,
// which definition meets a need (matching criteria), and the references by which definitions name other resources.
//
// It decides about one resource at a time. Which resources an environment has, and how they depend on each other, is
// the business of package graph. Nothing here is read from or written to anywhere.
package resource
