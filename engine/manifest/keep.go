package manifest

// HoldsData reports whether an object holds data that would be gone with it, so that it stays in the target for as long
// as the resource that brought it exists. That is what AnnotationKeep says of it; without that, a PersistentVolumeClaim
// or a PersistentVolume does.
func HoldsData(o Object) bool {
	annotations, _ := o.metadata()["annotations"].(map[string]any)
	switch annotations[AnnotationKeep] {
	case "true", true:
		return true
	case "false", false:
		return false
	}
	return o.APIVersion() == "v1" && (o.Kind() == "PersistentVolumeClaim" || o.Kind() == "PersistentVolume")
}
