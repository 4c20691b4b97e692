// Package policy decides whether what a deployment would do may be done, and who has to agree: rules with a condition
// in CEL (the Common Expression Language) over a plan.
//
// A decision depends on its input alone: nothing here reads a clock, a record or a network, and what an expression may
// cost is bounded. A rule that cannot be evaluated denies, so a broken one never lets anything through.
package policy
