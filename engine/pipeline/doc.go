// Package pipeline reads pipelines: their YAML documents, the expressions in them, the actions that their steps use, and
// the criteria that choose the pipeline of a deployment request.
//
// Nothing here runs a pipeline, and nothing reads a clock, a file or a network.
package pipeline
