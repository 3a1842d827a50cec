package io.gpuctl.deploy.kubernetes;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.deser.DeserializationProblemHandler;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.type.LogicalType;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.openshift.api.model.monitoring.v1.PodMonitor;
import io.fabric8.openshift.api.model.monitoring.v1.PrometheusRule;
import io.fabric8.openshift.api.model.monitoring.v1alpha1.ScrapeConfig;
import io.strimzi.api.kafka.model.kafka.Kafka;
import io.strimzi.api.kafka.model.nodepool.KafkaNodePool;
import io.strimzi.api.kafka.model.user.KafkaUser;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/**
 * Parses documents into the published Java types of the API, as strictly as an API server: a field that is not
 * declared, or that has another type, is an error. The parser does not check what the types do not express:
 * enumerations that are strings, and required fields.
 */
final class StrictParse {

    /** The types of the overlays. A kind that is added to the overlays must be added here. */
    private static final Map<String, Class<?>> TYPES = Map.ofEntries(
            Map.entry("v1 ConfigMap", ConfigMap.class),
            Map.entry("v1 Namespace", Namespace.class),
            Map.entry("v1 Service", Service.class),
            Map.entry("apps/v1 StatefulSet", StatefulSet.class),
            Map.entry("networking.k8s.io/v1 NetworkPolicy", NetworkPolicy.class),
            Map.entry("policy/v1 PodDisruptionBudget", PodDisruptionBudget.class),
            Map.entry("monitoring.coreos.com/v1 PodMonitor", PodMonitor.class),
            Map.entry("monitoring.coreos.com/v1 PrometheusRule", PrometheusRule.class),
            Map.entry("monitoring.coreos.com/v1alpha1 ScrapeConfig", ScrapeConfig.class),
            Map.entry("kafka.strimzi.io/v1 Kafka", Kafka.class),
            Map.entry("kafka.strimzi.io/v1 KafkaNodePool", KafkaNodePool.class),
            Map.entry("kafka.strimzi.io/v1 KafkaUser", KafkaUser.class));

    private StrictParse() {}

    static void check(List<Resource> resources, Findings findings) {
        resources.forEach(resource -> check(resource, findings));
    }

    private static void check(Resource resource, Findings findings) {
        String type = resource.apiVersion() + " " + resource.kind();
        if (!TYPES.containsKey(type)) {
            findings.add(
                    resource,
                    "apiVersion",
                    "'%s' is none of %s"
                            .formatted(type, TYPES.keySet().stream().sorted().toList()));
            return;
        }
        var mapper = mapper(resource, findings);
        try {
            mapper.treeToValue(resource.tree(), TYPES.get(type));
        } catch (JsonMappingException e) {
            findings.add(resource, path(e), e.getOriginalMessage());
        } catch (IOException e) {
            findings.add(resource, "", e.getMessage());
        }
    }

    private static String path(JsonMappingException e) {
        var path = new StringBuilder();
        e.getPath()
                .forEach(step -> path.append(
                        step.getFieldName() == null ? "[" + step.getIndex() + "]" : "." + step.getFieldName()));
        return path.isEmpty() ? "" : path.substring(1);
    }

    private static ObjectMapper mapper(Resource resource, Findings findings) {
        var mapper = JsonMapper.builder()
                .annotationIntrospector(new NoRoomForUnknownFields())
                .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .enable(DeserializationFeature.FAIL_ON_INVALID_SUBTYPE)
                .addHandler(new UnknownFields(resource, findings));
        // An API server accepts neither "2" as a number nor 8080 as a text.
        for (LogicalType type : List.of(LogicalType.Integer, LogicalType.Boolean, LogicalType.Float)) {
            mapper.withCoercionConfig(
                    type, config -> config.setCoercion(CoercionInputShape.String, CoercionAction.Fail));
        }
        mapper.withCoercionConfig(
                LogicalType.Textual,
                config -> List.of(CoercionInputShape.Integer, CoercionInputShape.Float, CoercionInputShape.Boolean)
                        .forEach(shape -> config.setCoercion(shape, CoercionAction.Fail)));
        return mapper.build();
    }

    /** Turns off the map in which the published types keep unknown fields. */
    private static final class NoRoomForUnknownFields extends JacksonAnnotationIntrospector {
        private static final long serialVersionUID = 1L;

        @Override
        public Boolean hasAnySetter(Annotated annotated) {
            return false;
        }
    }

    /** Records an unknown field and continues, so that all of them are found. */
    private static final class UnknownFields extends DeserializationProblemHandler {
        private final Resource resource;
        private final Findings findings;

        UnknownFields(Resource resource, Findings findings) {
            this.resource = resource;
            this.findings = findings;
        }

        @Override
        public boolean handleUnknownProperty(
                DeserializationContext context,
                JsonParser parser,
                JsonDeserializer<?> deserializer,
                Object beanOrClass,
                String field)
                throws IOException {
            String pointer = parser.getParsingContext().pathAsPointer().toString();
            findings.add(resource, pointer.substring(1).replace('/', '.'), "this field does not exist");
            parser.skipChildren();
            return true;
        }
    }
}
