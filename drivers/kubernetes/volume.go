package kubernetes

import (
	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/slipway-dev/slipway/drivers"
)

// volumeClaim is humanitec/volume-pvc: values access_modes (a text or a list,
// default ReadWriteOnce), capacity (default 1Gi) and storage_class_name (default: the
// cluster's). Outputs: volumeName and pvcName.
func volumeClaim() *Driver {
	return &Driver{
		descriptor: drivers.Descriptor{
			ID:           "humanitec/volume-pvc",
			ResourceType: "volume",
			Kind:         drivers.InProcess,
			Description:  "Claims storage and mounts it into the pods of a workload.",
			InputsSchema: drivers.ParseSchema(`{"type": "object", "properties": {"values": {"type": "object", "properties": {
				"access_modes": {"type": ["string", "array"]},
				"capacity": {"type": "string"},
				"storage_class_name": {"type": "string"}
			}}}}`),
		},
		shape: shapeVolumeClaim,
	}
}

func shapeVolumeClaim(r drivers.Request) (drivers.Result, error) {
	volume, claim := r.GUResID+"-volume", r.GUResID+"-claim"
	if err := drivers.CheckDNSLabel(volume); err != nil {
		return drivers.Result{}, drivers.Invalid("driver humanitec/volume-pvc: the resource's id gives no volume name: %s", err)
	}
	modes, err := accessModes(first(r.Values["access_modes"], "ReadWriteOnce"))
	if err != nil {
		return drivers.Result{}, err
	}
	capacity, ok := first(r.Values["capacity"], "1Gi").(string)
	if _, err := resource.ParseQuantity(capacity); !ok || err != nil {
		return drivers.Result{}, drivers.Invalid("driver humanitec/volume-pvc: values.capacity must be a Kubernetes quantity such as 5Gi")
	}
	spec := map[string]any{
		"accessModes": modes,
		"resources":   map[string]any{"requests": map[string]any{"storage": capacity}},
	}
	if class := str(r.Values["storage_class_name"]); class != "" {
		spec["storageClassName"] = class
	}
	return drivers.Result{
		Values: map[string]any{"volumeName": volume, "pvcName": claim},
		Manifests: []drivers.Manifest{
			{Location: drivers.LocationNamespace, Data: map[string]any{
				"apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": map[string]any{"name": claim}, "spec": spec,
			}},
			{Location: drivers.LocationVolumes, Data: map[string]any{
				"name": volume, "persistentVolumeClaim": map[string]any{"claimName": claim},
			}},
		},
	}, nil
}

func accessModes(v any) ([]any, error) {
	if s, ok := v.(string); ok {
		v = []any{s}
	}
	list, _ := v.([]any)
	if len(list) == 0 {
		return nil, drivers.Invalid("driver humanitec/volume-pvc: values.access_modes must be an access mode or a list of them")
	}
	for _, mode := range list {
		switch mode {
		case "ReadWriteOnce", "ReadOnlyMany", "ReadWriteMany", "ReadWriteOncePod":
		default:
			return nil, drivers.Invalid("driver humanitec/volume-pvc: values.access_modes: %v is not an access mode; use ReadWriteOnce, ReadOnlyMany, ReadWriteMany or ReadWriteOncePod", mode)
		}
	}
	return list, nil
}

// volumeNFS is humanitec/volume-nfs: values server and path. Output: volumeName.
func volumeNFS() *Driver {
	return &Driver{
		descriptor: drivers.Descriptor{
			ID:           "humanitec/volume-nfs",
			ResourceType: "volume",
			Kind:         drivers.InProcess,
			Description:  "Mounts a directory of an NFS server into the pods of a workload.",
			InputsSchema: drivers.ParseSchema(`{"type": "object", "required": ["values"], "properties": {"values": {
				"type": "object", "required": ["server", "path"],
				"properties": {"server": {"type": "string", "minLength": 1}, "path": {"type": "string", "pattern": "^/"}}
			}}}`),
		},
		shape: shapeVolumeNFS,
	}
}

func shapeVolumeNFS(r drivers.Request) (drivers.Result, error) {
	server, path := str(r.Values["server"]), str(r.Values["path"])
	if server == "" || path == "" || path[0] != '/' {
		return drivers.Result{}, drivers.Invalid("driver humanitec/volume-nfs: values.server and an absolute values.path are needed")
	}
	name := r.GUResID + "-volume"
	if err := drivers.CheckDNSLabel(name); err != nil {
		return drivers.Result{}, drivers.Invalid("driver humanitec/volume-nfs: the resource's id gives no volume name: %s", err)
	}
	return drivers.Result{
		Values: map[string]any{"volumeName": name},
		Manifests: []drivers.Manifest{{Location: drivers.LocationVolumes, Data: map[string]any{
			"name": name, "nfs": map[string]any{"server": server, "path": path},
		}}},
	}, nil
}
