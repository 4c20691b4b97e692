// Package schema checks documents against the JSON schemas of resource types and drivers, and says in words what is
// wrong where.
//
// It knows two things that a plain validator does not: values that still hold placeholders cannot be judged yet, and
// values that are secret must not be repeated. A schema never reaches outside itself: references to other documents
// are refused. Nothing here is read from or written to anywhere.
package schema
