package resource

// Context is the environment in which definitions are matched.
type Context struct {
	OrgID, AppID, EnvID, EnvType string
}
