package pipeline

import _ "embed"

// DefaultID is the id of the pipeline that every application begins with.
const DefaultID = "default-deployment"

// Default is the document of the pipeline that every application begins with: it applies the delta of a request where
// there is one, and deploys. Its criteria match everything in the application.
//
//go:embed default.yaml
var Default string
