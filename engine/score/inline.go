package score

import (
	"encoding/base64"
	"maps"
	"path"
	"slices"
	"strconv"

	"github.com/slipway-dev/slipway/engine/deployset"
)

// InlineFiles replaces `source` of all container files by the content: `content` for text, `binaryContent` for the rest.
// It is for clients, which have the files; the server has not. spec is not changed.
//
// read gets the cleaned path as the Score file has it. A relative path, which may start with "..", is meant relative to
// the folder of the Score file; resolving it there, and refusing what must not be read, is up to read. All files that
// cannot be read are reported together as an *Error.
func InlineFiles(spec map[string]any, read func(path string) ([]byte, error)) (map[string]any, error) {
	copied, err := deployset.Normalize(spec)
	if err != nil {
		return nil, newError(Problem{Path: "spec", Message: err.Error()})
	}
	out, _ := copied.(map[string]any)
	var found problems
	containers, _ := out["containers"].(map[string]any)
	for _, name := range slices.Sorted(maps.Keys(containers)) {
		container, _ := containers[name].(map[string]any)
		where := below(below("containers", name), "files")
		switch files := container["files"].(type) {
		case map[string]any:
			for _, target := range slices.Sorted(maps.Keys(files)) {
				inlineFile(below(where, target), files[target], read, &found)
			}
		case []any:
			for i, file := range files {
				inlineFile(below(where, strconv.Itoa(i)), file, read, &found)
			}
		}
	}
	return out, found.err()
}

func inlineFile(where string, value any, read func(path string) ([]byte, error), found *problems) {
	file, _ := value.(map[string]any)
	source, ok := file["source"].(string)
	if !ok || source == "" {
		return
	}
	if file["content"] != nil || file["binaryContent"] != nil {
		return // Convert reports that there is more than one.
	}
	raw, err := read(path.Clean(source))
	if err != nil {
		found.add(below(where, "source"), "cannot read %q: %v", source, err)
		return
	}
	delete(file, "source")
	if isText(raw) {
		file["content"] = string(raw)
		return
	}
	file["binaryContent"] = base64.StdEncoding.EncodeToString(raw)
}
