// Package placeholder reads and expands placeholders such as ${externals.db.host} in JSON documents.
//
// A document is a plain Go tree: map[string]any, []any, string, float64, bool and nil, plus [Secret] leaves where a
// value must not be shown. The package knows the syntax and the rules of expansion (docs: placeholders); what a path
// means is decided by the [Resolver] its caller passes in. It never looks anything up itself, never expands map keys,
// never expands what a resolver returned, and never prints the content of a secret.
package placeholder
